package detect

import (
	"strings"
)

// udevData is where udev keeps what its rules found out.
const udevData = "run/udev/data/"

// parseUdev reads the properties (E:KEY=VALUE) of a record of udev's database.
// Other lines are links, tags and times. nil when there are none.
func parseUdev(text string) map[string]string {
	var m map[string]string
	for l := range strings.Lines(text) {
		property, ok := strings.CutPrefix(strings.TrimSuffix(l, "\n"), "E:")
		if !ok {
			continue
		}
		if key, value, ok := strings.Cut(property, "="); ok && key != "" {
			if m == nil {
				m = map[string]string{}
			}
			m[key] = value
		}
	}
	return m
}

// udev is what udev knows of a device with a node. number is "226:0".
func (r *reader) udev(number string) map[string]string {
	if number == "" {
		return nil
	}
	return r.udevRecord("c" + number)
}

func (r *reader) udevRecord(name string) map[string]string {
	if strings.ContainsAny(name, "/\x00") {
		return nil
	}
	return parseUdev(string(r.bytes(udevData + name)))
}
