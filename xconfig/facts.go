// Package xconfig is the contract of those who decide what a display server has
// to be told and those who write it down: the facts and wishes that go in, the
// plans and files that come out. It knows what these are and how people name a
// display or a keyboard in one line; what to decide it does not know.
//
// The deciding is in gpu (which card shows the picture, by which drivers),
// display (which output gets which mode and place) and input (which layout the
// keyboard has, where a touch lands), the writing in files, the language of X's
// files in xorgconf. All of it is pure: Facts and Preferences in, plans out;
// then plans in, files out. Nothing reads a file, asks a device or changes
// anything.
package xconfig

import "attune/detect"

// Facts are everything the plans are made from.
type Facts struct {
	Machine  detect.Inventory // PCI devices with their drivers, DMI, modules
	Graphics detect.Graphics
	Inputs   []detect.Input
	Image    Image
	Cmdline  string // kernel command line
	// Remembered are EDIDs seen at an earlier boot, by Card.ID + "/" + Connector.Name.
	// They speak for a connected display which gives none now.
	Remembered map[string][]byte
}

// An Image is what the image brings for display servers. It is read from its
// files, not from the machine.
type Image struct {
	XServer     string   `json:"x_server,omitempty"`      // path of the Xorg binary, "" when there is none
	Drivers     []string `json:"drivers,omitempty"`       // X video drivers there are, "modesetting", "fbdev"; sorted
	InputDrv    []string `json:"input_drivers,omitempty"` // X input drivers, "libinput", "wacom"; sorted
	NvidiaPaths []string `json:"nvidia_paths,omitempty"`  // module directories of the proprietary driver
	XorgConf    string   `json:"xorg_conf,omitempty"`     // an administrator's whole configuration, "/etc/X11/xorg.conf", "" when there is none
	ConfFiles   []string `json:"conf_files,omitempty"`    // *.conf of /etc/X11/xorg.conf.d and /usr/share/X11/xorg.conf.d that are not ours, and those copied for X
	Reach       Reach    `json:"reach"`                   // how X finds what we write

	DropIns map[string][]byte `json:"-"` // files to be copied for X beside ours, "50-mine.conf"

	XKBLayouts map[string][]string `json:"-"` // layouts this image's keyboard database has, each with its variants; nil when there is no database
	XKBModels  []string            `json:"-"` // nil when there is no database

	// The keyboard as the image or machine states it elsewhere, as read.
	VConsole    map[string]string `json:"vconsole,omitempty"`         // etc/vconsole.conf: KEYMAP, XKBLAYOUT, ...
	DefaultKbd  map[string]string `json:"default_keyboard,omitempty"` // etc/default/keyboard: XKBLAYOUT, XKBMODEL, XKBVARIANT, XKBOPTIONS
	Locale      string            `json:"locale,omitempty"`           // LANG of etc/locale.conf or etc/default/locale
	Credentials map[string]string `json:"-"`                          // systemd credentials that concern us: "vconsole.keymap", "firstboot.keymap", "firstboot.locale"
}

// AdminXorg is where an administrator's files for X are copied from to those
// we write, as X looks there where it looks for ours.
const AdminXorg = "/etc/attune/xorg.conf.d"

// OwnFiles is where an administrator's files for X belong on this image.
func (r Reach) OwnFiles() string {
	if r.How == "" {
		return "/etc/X11/xorg.conf.d"
	}
	return AdminXorg // X's own directory is the one we write, or is not read
}

// A Reach is the way by which X finds a directory in scratch space.
type Reach struct {
	// How is "link" (/etc/X11/xorg.conf.d is a link to it), "mount" (bind or
	// overlay), "configdir" (a display manager starts X with -configdir) or "" (X will
	// not see what is written).
	How string `json:"how,omitempty"`
	Why string `json:"why"` // the file or mount that says so, or what to do
}
