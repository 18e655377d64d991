package kernel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// A Switch turns a radio off. Documentation/ABI/stable/sysfs-class-rfkill.
type Switch struct {
	Index string // "0"
	Name  string // of what it is for: "phy0", "hci0", "tpacpi_wlan_sw"
	Type  string // "wlan", "bluetooth", "wwan", "gps", "nfc"
	Soft  bool   // off by a program: a program can turn it on
	Hard  bool   // off by a switch or a key of the machine: no program can
}

// Switches are those of all radios, from /sys/class/rfkill of the tree. A kernel
// without radios has none.
func Switches(root fs.FS) []Switch {
	const dir = "sys/class/rfkill"
	entries, _ := fs.ReadDir(root, dir)
	var all []Switch
	for _, e := range entries {
		index, ok := strings.CutPrefix(e.Name(), "rfkill")
		if !ok {
			continue
		}
		at := func(name string) string { return text(root, path.Join(dir, e.Name(), name)) }
		s := Switch{Index: index, Name: at("name"), Type: at("type"), Soft: at("soft") == "1", Hard: at("hard") == "1"}
		if s.Type != "" { // else it went while it was read
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Switch) int { return strings.Compare(a.Index, b.Index) })
	return all
}

// WatchSwitches calls changed when a radio's switch comes, goes or is turned, until
// the context is done: the device (/dev/rfkill) tells of those that there are as
// soon as it is opened, and afterwards of each change. Without the device it comes
// back at once: there is no radio with a switch.
func WatchSwitches(ctx context.Context, device string, changed func()) error {
	f, err := os.Open(device)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listening to the switches of radios: %w", err)
	}
	defer f.Close()
	defer context.AfterFunc(ctx, func() { f.Close() })()
	event := make([]byte, 64) // one each read; what is in it Switches tells whole
	for {
		n, err := f.Read(event)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil || n == 0:
			return fmt.Errorf("listening to the switches of radios: %w", err)
		}
		changed()
	}
}
