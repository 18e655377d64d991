package explain

import (
	"fmt"
	"strings"
	"testing"

	"attune/detect"
)

func TestParseLog(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want string // device: what
	}{
		{"dmesg", "[    5.140921] iwlwifi 0000:03:00.0: Direct firmware load for iwlwifi-ty-a0-gf-a0-77.ucode failed with error -2", "0000:03:00.0: iwlwifi-ty-a0-gf-a0-77.ucode"},
		{"without times", "e100 0000:00:04.0: Direct firmware load for e100/d101m_ucode.bin failed with error -2", "0000:00:04.0: e100/d101m_ucode.bin"},
		{"kmsg", "4,339,5140900,-;ath10k_pci 0000:02:00.0: Direct firmware load for ath10k/pre-cal.bin failed with error -2\n SUBSYSTEM=pci\n DEVICE=+pci:0000:02:00.0", "0000:02:00.0: ath10k/pre-cal.bin"},
		{"syslog level", "<4>[   12.5] r8169 0000:04:00.0: Unable to load firmware rtl_nic/rtl8168g-2.fw (-2)", "0000:04:00.0: rtl_nic/rtl8168g-2.fw"},
		{"journal", "Nov 23 03:28:05 host kernel: iwlwifi 0000:03:00.0: Direct firmware load for x.ucode failed with error -2", "0000:03:00.0: x.ucode"},
		{"Debian of old", "[ 3.0] bnx2 0000:02:00.0: firmware: failed to load bnx2/bnx2-mips-09.fw (-2)", "0000:02:00.0: bnx2/bnx2-mips-09.fw"},
		{"Bluetooth", "[ 3.0] Bluetooth: hci0: Failed to load Intel firmware file intel/ibt-0040-0041.sfi (-2)", "hci0: intel/ibt-0040-0041.sfi"},
		{"USB interface", "[ 3.0] usb 1-3: Direct firmware load for mt7601u.bin failed with error -2", "1-3: mt7601u.bin"},
		{"probe, new form", "[ 1.0] e1000e 0000:00:1f.6: probe with driver e1000e failed with error -2", "0000:00:1f.6: e1000e 2"},
		{"probe, old form", "[ 1.0] vmwgfx: probe of 0000:00:01.0 failed with error -38", "0000:00:01.0: vmwgfx 38"},
		{"probe of a name with colons", "[ 1.0] usbhid: probe of 1-3:1.0 failed with error -71", "1-3:1.0: usbhid 71"},
		{"nonsense number", "x: probe of 1-3 failed with error zero", ""},
		{"positive number", "x: probe of 1-3 failed with error 5", ""},
		{"path that leads out", "x 1-3: Direct firmware load for ../../etc/shadow failed with error -2", ""},
		{"absolute path", "x 1-3: Direct firmware load for /etc/shadow failed with error -2", ""},
		{"escape sequence", "x 1-3: Direct firmware load for \x1b[31mred failed with error -2", ""},
		{"end cut off", "x 1-3: Direct firmware load for ", ""},
		{"nothing of ours", "usb 1-3: new high-speed USB device number 2 using xhci_hcd", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := parseLog(row.line + "\n")
			var got []string
			for dev, files := range l.missing {
				got = append(got, dev+": "+strings.Join(files, " "))
			}
			for dev, p := range l.probes {
				got = append(got, fmt.Sprintf("%s: %s %d", dev, p.driver, p.errno))
			}
			if strings.Join(got, "; ") != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// hci0 is what the log calls a Bluetooth controller; the device without
// firmware is the USB interface it belongs to.
func TestBluetoothFirmware(t *testing.T) {
	d := usb(0xe00101, 0x8087)
	inv := detect.Inventory{Devices: []detect.Device{d, {Path: d.Path + "/bluetooth/hci0", Subsystem: "bluetooth"}}}
	all := Explain(inv, Facts{Log: "Bluetooth: hci0: Failed to load Intel firmware file intel/ibt.sfi (-2)\n"})
	check(t, inv.Devices, all)
	if all[0].Outcome != FirmwareMissing || all[0].File != "intel/ibt.sfi" {
		t.Errorf("got %+v", all[0])
	}
}

// The log is written to by anybody who plugs something in.
func FuzzParseLog(f *testing.F) {
	f.Add("[    5.140921] iwlwifi 0000:03:00.0: Direct firmware load for iwlwifi-77.ucode failed with error -2\n")
	f.Add("4,339,5140900,-;x 0000:02:00.0: probe with driver x failed with error -517\n SUBSYSTEM=pci\n")
	f.Add("<4>[] kernel:  kernel: \n: probe of  failed with error -1\n")
	f.Add("Direct firmware load for x\n;,,,;\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := parseLog(text)
		for dev, files := range l.missing {
			for _, file := range files {
				if dev == "" || !plausible(file) {
					t.Errorf("device %q, file %q", dev, file)
				}
			}
		}
		for dev, p := range l.probes {
			if p.errno <= 0 || p.errno > 4095 {
				t.Errorf("%q: errno %d", dev, p.errno)
			}
		}
	})
}
