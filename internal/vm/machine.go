package vm

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
)

// A Machine is a PC to boot: a board and what is plugged into it.
type Machine struct {
	Name  string
	Board string // QEMU's -machine: "q35" (2009, PCI Express), "pc" (1996, i440fx)
	Why   string // what it packs, in a line
	// Devices are QEMU -device arguments. A property without its other half
	// is given one: netdev=*, drive=*, audiodev=*, chardev=*, memdev=*,
	// cryptodev=*. Besides, other options may stand here as they are, with
	// {blank} for the name of an empty disk image and {dir} for the folder
	// QEMU works in.
	Devices []string
	Append  string // words for the kernel command line
	Packed  bool   // the kernel as Debian ships it, for firmware that takes no other and for vga=
	SMP     int    // processors, 1 when 0
	Mem     int    // MiB, 1024 when 0
}

// backends say how the other half of a device is made; %s becomes its id.
var backends = map[string][]string{
	"netdev":    {"-netdev", "user,id=%s,restrict=on"},
	"audiodev":  {"-audiodev", "none,id=%s"},
	"chardev":   {"-chardev", "null,id=%s"},
	"memdev":    {"-object", "memory-backend-ram,id=%s,size=1M,share=on"},
	"cryptodev": {"-object", "cryptodev-backend-builtin,id=%s"},
}

// kernel is the file the machine boots.
func (m Machine) kernel() string {
	if m.Packed {
		return "vmlinuz"
	}
	return "vmlinux"
}

// args gives QEMU's arguments for the machine. Its disks all read as the
// blank image; what a guest writes there is thrown away.
func (m Machine) args(blank string) []string {
	args := []string{"-machine", m.Board, "-smp", fmt.Sprint(max(m.SMP, 1)), "-m", fmt.Sprint(cmp.Or(m.Mem, 1024))}
	for i, d := range m.Devices {
		if strings.HasPrefix(d, "-") {
			args = append(args, strings.Fields(strings.NewReplacer("{blank}", blank, "{dir}", filepath.Dir(blank)).Replace(d))...)
			continue
		}
		props := strings.Split(d, ",")
		for j, p := range props {
			key, isOpen := strings.CutSuffix(p, "=*")
			if !isOpen {
				continue
			}
			id := fmt.Sprintf("%s%d", key, i)
			args = append(args, backend(key, id, blank)...)
			props[j] = key + "=" + id
		}
		args = append(args, "-device", strings.Join(props, ","))
	}
	return args
}

func backend(key, id, blank string) []string {
	if key == "drive" {
		// snapshot: ide-hd and sd-card refuse a disk which is read-only.
		return []string{"-drive", "if=none,format=raw,snapshot=on,cache=unsafe,id=" + id + ",file=" + blank}
	}
	b, ok := backends[strings.TrimRight(key, "0123456789")] // a card has chardev1, chardev2
	if !ok {
		panic("vm: machine table: no backend for " + key)
	}
	return []string{b[0], fmt.Sprintf(b[1], id)}
}
