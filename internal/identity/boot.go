package identity

import (
	"strings"

	"attune/detect/kmod"
)

// bootCard adds the address of the card this machine was booted by. The one
// PXELINUX or iPXE told the kernel of is the most certain: it stands there
// before any driver is loaded.
func (r *reader) bootCard(cmdline string) {
	const where = " of the kernel command line"
	named := map[string]string{} // ifname=NAME:MAC, dracut
	var devices []bootDevice
	for _, word := range kmod.CmdlineWords(cmdline) {
		key, value, _ := strings.Cut(strings.ReplaceAll(word, `"`, ""), "=")
		switch key {
		case "BOOTIF":
			if mac, ok := ParseBOOTIF(value); ok {
				r.add(BootMAC, mac, "BOOTIF="+where)
			}
		case "ifname":
			name, mac, _ := strings.Cut(value, ":")
			named[name] = mac
		case "ip":
			devices = append(devices, bootDevice{IPDevice(value), "ip=" + where})
		case "bootdev":
			devices = append(devices, bootDevice{value, "bootdev=" + where})
		}
	}
	devices = append(devices, r.netRoot()...)
	for _, d := range devices {
		r.bootDevice(d, named[d.name])
	}
}

// A bootDevice is a network interface and who says that the boot was by it.
type bootDevice struct{ name, from string }

func (r *reader) bootDevice(d bootDevice, named string) {
	if mac, ok := ParseMAC(named); ok {
		r.add(BootMAC, mac, d.from)
		return
	}
	for _, n := range r.nics {
		switch {
		case n.name != d.name || n.mac == "":
		case !n.permanent:
			r.refuse(BootMAC, d.from, n.name+" does not have the address it was made with")
		default:
			r.add(BootMAC, n.mac, d.from)
		}
	}
}

// ParseBOOTIF reads PXELINUX's 01-aa-bb-cc-dd-ee-ff, the hardware type of ARP
// and the address, or the address alone.
func ParseBOOTIF(value string) (mac string, ok bool) {
	value = strings.ReplaceAll(strings.TrimSpace(value), "-", ":")
	if strings.Count(value, ":") == 6 {
		kind, rest, _ := strings.Cut(value, ":")
		if kind != "01" && kind != "1" { // not Ethernet: there are no six bytes
			return "", false
		}
		value = rest
	}
	if strings.Count(value, ":") != 5 {
		return "", false
	}
	return ParseMAC(value)
}

// autoconf are the words of ip= that say how, not where.
const autoconf = " dhcp on any dhcp6 auto6 either6 link6 link-local off none static single-dhcp ibft both bootp rarp "

// IPDevice is the interface a parameter ip= names: CLIENT:SERVER:GATEWAY:MASK:HOST:DEVICE:...
// as the kernel and dracut have it, or DEVICE:HOW, dracut's.
func IPDevice(value string) string {
	fields := splitIP(value)
	switch {
	case len(fields) >= 2 && fields[1] != "" && strings.Contains(autoconf, " "+fields[1]+" "):
		return fields[0]
	case len(fields) >= 6:
		return fields[5]
	}
	return ""
}

// splitIP splits at colons, but not those of an IPv6 address in brackets.
func splitIP(value string) []string {
	deep := false
	var fields []string
	start := 0
	for i := range len(value) {
		switch value[i] {
		case '[':
			deep = true
		case ']':
			deep = false
		case ':':
			if !deep {
				fields = append(fields, value[start:i])
				start = i + 1
			}
		}
	}
	return append(fields, value[start:])
}
