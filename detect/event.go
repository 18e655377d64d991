package detect

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// FromEvent is the device a kernel event speaks of: what its files say, and
// what only the event knows. The files may be gone already, so it always
// answers with what the event alone says. Of the kernel's own, which are
// numbered, it takes what the uevent file says: reading that may wait for a
// driver which is just probing the device.
func FromEvent(sys fs.FS, env map[string]string) Device {
	name := strings.TrimPrefix(path.Clean("/"+env["DEVPATH"]), "/")
	d := Device{Path: name}
	if fs.ValidPath(name) && strings.HasPrefix(name, "devices/") && env["ACTION"] != "remove" {
		told := ""
		if env["SEQNUM"] != "" {
			told = ueventText(env)
		}
		if got, err := scanDevice(sys, name, told, Options{NoWaiting: true}); err == nil {
			d = got
		}
	}
	if d.Subsystem == "" {
		d = fromEnv(name, env)
	}
	d.Subsystem = first(d.Subsystem, env["SUBSYSTEM"])
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if alias := env[key]; isModaliasKey(key) && alias != "" && len(alias) <= maxAlias && !slices.Contains(d.Modalias, alias) {
			d.Modalias = append(d.Modalias, alias)
		}
	}
	return d
}

// fromEnv decodes an event as if it were the device's uevent file.
func fromEnv(name string, env map[string]string) Device {
	return decode(&raw{path: name, files: map[string]string{"uevent": ueventText(env)}})
}

// ueventText is an event as the device's uevent file has it, and a few words
// more.
func ueventText(env map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if !strings.Contains(env[key], "\n") {
			b.WriteString(key + "=" + env[key] + "\n")
		}
	}
	return b.String()
}
