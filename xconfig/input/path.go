package input

import (
	"regexp"
	"strings"
	"sync"
)

// udevPath is ID_PATH of an input device as udev's path_id writes it, for the
// buses touch devices are on: "pci-0000:00:14.0-usb-0:2.1:1.0". It says where a
// device is plugged in, which alone tells two of a kind apart. "" where we do
// not know how udev would write it.
func udevPath(sysPath string) string {
	parts := strings.Split(sysPath, "/")
	text := ""
	for _, part := range parts {
		switch {
		case pciAddress().MatchString(part):
			text = "pci-" + part // the one nearest the device
		case usbInterface().MatchString(part):
			_, port, _ := strings.Cut(part, "-")
			return strings.TrimPrefix(text+"-usb-0:"+port, "-")
		}
	}
	return ""
}

var (
	pciAddress   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$`) })
	usbInterface = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]+-[0-9.]+:[0-9]+\.[0-9]+$`) })
)
