package settings

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// recordCredentials keeps of credentials what is a right value of a known
// setting; all else may be a secret.
func (c *recorder) recordCredentials() {
	values := readCredentials(c.root, c.fail)
	for _, name := range sortedKeys(values) {
		key := strings.TrimPrefix(name, credentialPrefix)
		value := strings.TrimRight(string(values[name]), "\r\n")
		data := []byte(value + "\n")
		if name == credentialSettings {
			var ok bool
			if data, ok = plain(values[name]); !ok {
				c.fail("recording credential %s: it has more in it than settings: it is left out", name)
				continue
			}
		} else if k, ok := find(key); !ok || k.set(&Settings{}, entry{key: key, value: bare(value)}) != nil {
			continue
		}
		if err := c.add(systemCredentials+"/"+name, data); err != nil {
			c.fail("recording credential %s: %w", name, err)
		}
	}
}

// plain leaves of a whole file of settings the lines that count, each on its
// line. It says no where that would say something else than the file does.
func plain(data []byte) ([]byte, bool) {
	said, wrong := heard(data)
	for range maxWarnings {
		if len(wrong) == 0 {
			break
		}
		lines := bytes.Split(data, []byte("\n"))
		for _, n := range wrong {
			if n < 1 || n > len(lines) {
				return nil, false
			}
			lines[n-1] = nil
		}
		data = bytes.Join(lines, []byte("\n"))
		_, wrong = heard(data)
	}
	now, wrong := heard(data)
	return data, len(wrong) == 0 && reflect.DeepEqual(said, now)
}

// heard is what counts of a file of settings, and the lines that do not.
func heard(data []byte) (said part, wrong []int) {
	r, p := reader{}, part{}
	r.wholeCredential(&p, "credential", data)
	for _, e := range p.entries {
		if e.wrong == "" {
			said.entries = append(said.entries, e)
		}
	}
	said.outputs, said.touches = p.outputs, p.touches
	for _, err := range r.warnings {
		if w, ok := errors.AsType[Warning](err); ok {
			_, line, _ := strings.Cut(w.Source, ":")
			n, _ := strconv.Atoi(line)
			wrong = append(wrong, n)
		}
	}
	return said, wrong
}
