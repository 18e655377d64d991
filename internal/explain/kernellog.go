package explain

import (
	"path"
	"strconv"
	"strings"

	"attune/detect"
)

// A kernelLog is what the kernel's log says about devices, by the name it
// gives them there: the last part of their path.
type kernelLog struct {
	missing map[string][]string  // device -> firmware files not found, in order
	probes  map[string]probeFail // device -> the last probe that failed
}

// A probeFail is a driver that looked at a device and gave it back.
type probeFail struct {
	driver string
	errno  int // positive
}

// firmwareWords are what drivers and the kernel say when a file is missing.
// The name follows, then one of the ends.
var firmwareWords = []string{
	"Direct firmware load for ",            // drivers/base/firmware_loader/main.c
	"firmware: failed to load ",            // Debian's kernels before 6.1
	"Unable to load firmware ",             // r8169
	"Failed to load firmware file ",        // mediatek, others
	"failed to load firmware file ",        //
	"Failed to load Intel firmware file ",  // btintel
	"Falling back to sysfs fallback for: ", // the same kernel file, asked of user space next
	"Could not load firmware file ",        // b43, brcm
	"request_firmware failed for ",         //
}

// parseLog reads a log as dmesg prints it ("[    5.1] iwlwifi 0000:03:00.0: ...",
// with or without times and levels) or as /dev/kmsg gives it ("6,339,514,-;...").
// It looks for a few sentences and passes over everything else.
func parseLog(text string) *kernelLog {
	l := &kernelLog{missing: map[string][]string{}, probes: map[string]probeFail{}}
	for line := range strings.Lines(text) {
		if line[0] != ' ' { // kmsg continues a message's properties on such lines
			l.line(message(strings.TrimRight(line, "\r\n")))
		}
	}
	return l
}

// message takes off what stands before the driver's own words.
func message(line string) string {
	if head, rest, ok := strings.Cut(line, ";"); ok && strings.Count(head, ",") >= 3 && !strings.Contains(head, " ") {
		return rest // kmsg
	}
	if strings.HasPrefix(line, "<") { // syslog level
		if _, rest, ok := strings.Cut(line, ">"); ok {
			line = rest
		}
	}
	if strings.HasPrefix(line, "[") { // time
		if _, rest, ok := strings.Cut(line, "] "); ok {
			line = rest
		}
	}
	if _, rest, ok := strings.Cut(line, " kernel: "); ok { // journal
		return message(rest)
	}
	return line
}

func (l *kernelLog) line(msg string) {
	if file, dev := firmwareIn(msg); file != "" && dev != "" {
		if have := l.missing[dev]; len(have) < 32 { // a driver tries a dozen versions, never thousands
			l.missing[dev] = append(have, file)
		}
	}
	if dev, p, ok := probeIn(msg); ok {
		l.probes[dev] = p
	}
}

// firmwareIn finds "iwlwifi 0000:03:00.0: Direct firmware load for FILE failed
// with error -2": the file and the device.
func firmwareIn(msg string) (file, dev string) {
	for _, words := range firmwareWords {
		head, rest, ok := strings.Cut(msg, words)
		if !ok {
			continue
		}
		file, _, _ = strings.Cut(strings.TrimSpace(rest), " ")
		file = strings.Trim(file, `"'():,`)
		if !plausible(file) {
			return "", ""
		}
		return file, deviceIn(head)
	}
	return "", ""
}

// plausible: a relative path of printable characters. Logs can be written to
// by anybody who plugs in a device with a name of his choice.
func plausible(file string) bool {
	return file != "" && len(file) < 256 && !strings.HasPrefix(file, "/") && !strings.Contains(file, "..") &&
		strings.IndexFunc(file, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// deviceIn takes the device out of "DRIVER DEVICE: " or "Bluetooth: hci0: ".
func deviceIn(head string) string {
	words := strings.Fields(head)
	for i := len(words) - 1; i >= 0; i-- {
		if w := strings.TrimSuffix(words[i], ":"); i > 0 || len(words) == 1 {
			if w != "" && strings.ContainsAny(w, "0123456789") {
				return w
			}
		}
	}
	return ""
}

// probeIn finds both forms of the sentence: "e1000e 0000:00:1f.6: probe with
// driver e1000e failed with error -2" (since 6.11) and "e1000e: probe of
// 0000:00:1f.6 failed with error -2".
func probeIn(msg string) (dev string, p probeFail, ok bool) {
	head, tail, found := strings.Cut(msg, " failed with error ")
	if !found {
		return "", p, false
	}
	p.errno = errnoIn(tail)
	if before, driver, ok := strings.Cut(head, ": probe with driver "); ok {
		words := strings.Fields(before)
		if len(words) == 0 {
			return "", p, false
		}
		p.driver = driver
		return words[len(words)-1], p, p.errno != 0
	}
	if driver, dev, ok := strings.Cut(head, ": probe of "); ok {
		p.driver = driver
		return dev, p, p.errno != 0
	}
	return "", p, false
}

func errnoIn(s string) int {
	s, _, _ = strings.Cut(s, " ")
	n, err := strconv.Atoi(strings.Trim(s, "().,"))
	if err != nil || n >= 0 || n < -4095 {
		return 0
	}
	return -n
}

// firmware is the first file the log says was missing for a device. A
// Bluetooth controller logs under its own name, hci0, and not its parent's.
func (l *kernelLog) firmware(v *view, d *detect.Device) string {
	if files := l.missing[path.Base(d.Path)]; len(files) > 0 {
		return files[0]
	}
	for _, k := range v.kids[d.Path] {
		if files := l.missing[path.Base(k.Path)]; k.Subsystem == "bluetooth" && len(files) > 0 {
			return files[0]
		}
	}
	return ""
}
