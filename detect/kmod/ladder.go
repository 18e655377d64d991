package kmod

// A LadderRow says which of several drivers for one device is tried first.
// It counts where an image has the first and both answer the device; a second
// driver which is already loaded would bind, so it is held back until the
// first has failed.
type LadderRow struct {
	Name   string
	Alias  string   // glob over the device's aliases, "" for any
	Prefer []string // the first of these which the image has
	Else   []string // held back, tried together when the preferred one fails
	Why    string
	Link   string
}

// ladderRows: drivers from outside the kernel's tree which someone put into
// the image on purpose, and what the kernel has for the same device.
var ladderRows = []LadderRow{{
	Name: "nvidia", Alias: "pci:v000010DE*",
	Prefer: []string{"nvidia", "nvidia_current", "nvidia_current_open", "nvidia_open"},
	Else:   []string{"nouveau", "nova_core"},
	Why:    "nvidia and nouveau race for the GPU; nouveau is the driver when nvidia does not take this one",
	Link:   "https://github.com/endlessm/eos-boot-helper/pull/133",
}, {
	Name: "Broadcom wl", Alias: "pci:v000014E4*bc02sc80*",
	Prefer: []string{"wl"},
	Else:   []string{"bcma", "ssb", "b43", "b43legacy", "brcmsmac", "brcmfmac"},
	Why:    "bcma and ssb take the chip on sight, even without firmware for the driver behind them; wl knows only some chips",
	Link:   "https://wiki.debian.org/wl",
}, {
	Name: "Realtek r8168", Alias: "pci:v000010EC*",
	Prefer: []string{"r8168"},
	Else:   []string{"r8169"},
	Why:    "both fit the RTL8168; other Realtek chips in the same machine still need r8169, so it cannot be denied for all",
	Link:   "https://github.com/archlinuxcn/repo/issues/1049",
}, {
	Name: "Realtek r8125", Alias: "pci:v000010EC*",
	Prefer: []string{"r8125"},
	Else:   []string{"r8169"},
	Why:    "both fit the RTL8125; other Realtek chips in the same machine still need r8169",
	Link:   "https://github.com/awesometic/realtek-r8125-dkms/issues/7",
}, {
	Name: "Realtek 8821ce", Alias: "pci:v000010EC*",
	Prefer: []string{"8821ce", "rtl8821ce"},
	Else:   []string{"rtw88_8821ce", "rtw_8821ce"},
	Why:    "both fit the RTL8821CE and two drivers on it freeze machines",
	Link:   "https://github.com/tomaspinho/rtl8821ce/issues/243",
}, {
	Name: "Realtek 88x2bu", Alias: "usb:*",
	Prefer: []string{"88x2bu", "rtl88x2bu"},
	Else:   []string{"rtw88_8822bu", "rtw_8822bu"},
	Why:    "both fit the RTL8822BU",
	Link:   "https://github.com/morrownr/88x2bu-20210702/issues/74",
}, {
	Name: "Realtek 8192cu", Alias: "usb:*",
	Prefer: []string{"8192cu"},
	Else:   []string{"rtl8192cu", "rtl8xxxu"},
	Why:    "three drivers fit the RTL8192CU",
	Link:   "https://github.com/pvaret/rtl8192cu-fixes/issues/131",
}}

func (row *LadderRow) note() string { return row.Why + " <" + row.Link + ">" }
