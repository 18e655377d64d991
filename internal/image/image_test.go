package image

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"attune/xconfig"
)

// files makes a tree of texts. "name -> target" is a link.
func files(all ...string) fstest.MapFS {
	root := fstest.MapFS{}
	for i := 0; i < len(all); i++ {
		if name, target, ok := strings.Cut(all[i], " -> "); ok {
			root[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
			continue
		}
		root[all[i]] = &fstest.MapFile{Data: []byte(all[i+1]), Mode: 0o644}
		i++
	}
	return root
}

// debian is an image as Debian 12 makes it, with NVIDIA's driver.
var debian = []string{
	"usr/bin/Xorg", "#!/bin/sh\n",
	"usr/lib/xorg/Xorg", "ELF",
	"usr/lib/xorg/modules/drivers/modesetting_drv.so", "ELF",
	"usr/lib/xorg/modules/drivers/fbdev_drv.so", "ELF",
	"usr/lib/xorg/modules/drivers/README", "",
	"usr/lib/xorg/modules/drivers/gone_drv.so -> /nowhere/gone_drv.so",
	"usr/lib/xorg/modules/drivers/a\"b_drv.so", "",
	"usr/lib/xorg/modules/input/libinput_drv.so", "ELF",
	"usr/lib/x86_64-linux-gnu/xorg/modules/drivers/amdgpu_drv.so", "ELF",
	"usr/lib/nvidia/nvidia_drv.so -> /etc/alternatives/nvidia",
	"etc/alternatives/nvidia -> /usr/lib/nvidia/current/nvidia_drv.so",
	"usr/lib/nvidia/current/nvidia_drv.so", "ELF",
	"etc/X11/xorg.conf.d/20-admin.conf", "",
	"etc/X11/xorg.conf.d/10-attune-input.conf", "",
	"etc/X11/xorg.conf.d/.hidden.conf", "",
	"etc/X11/xorg.conf.d/notes.txt", "",
	"usr/share/X11/xorg.conf.d/10-amdgpu.conf", "",
	"usr/share/X11/xkb/rules/evdev.lst", "! model\n  pc105  Generic\n! layout\n  us  English\n  de  German\n! variant\n  nodeadkeys  de: German (no dead keys)\n  intl us: x\n  odd  xx: of no layout\n! option\n  grp  Switching\n",
	"etc/vconsole.conf", "KEYMAP=de-latin1 # console\nXKBLAYOUT='de'\n",
	"etc/default/keyboard", "XKBMODEL=\"pc105\"\nXKBLAYOUT=\"de,us\"\nXKBVARIANT=\"\"\n",
	"etc/default/locale", "LANG=de_DE.UTF-8\n",
	"run/credentials/@system/vconsole.keymap", "fr\n",
	"run/credentials/@system/firstboot.locale", "fr\x1b[31m",
	"run/credentials/@system/passwd.hashed-password.root", "secret",
}

func TestRead(t *testing.T) {
	want := xconfig.Image{
		XServer:     "/usr/lib/xorg/Xorg",
		Drivers:     []string{"amdgpu", "fbdev", "modesetting", "nvidia"},
		InputDrv:    []string{"libinput"},
		NvidiaPaths: []string{"/usr/lib/nvidia/current"},
		ConfFiles:   []string{"/etc/X11/xorg.conf.d/20-admin.conf", "/usr/share/X11/xorg.conf.d/10-amdgpu.conf"},
		Reach:       xconfig.Reach{Why: "X will not see what is written: make /etc/X11/xorg.conf.d a link to /run/attune/xorg.conf.d when the image is built (4 files in it now have to move to /etc/attune/xorg.conf.d)"},
		XKBLayouts:  map[string][]string{"us": {"intl"}, "de": {"nodeadkeys"}},
		XKBModels:   []string{"pc105"},
		VConsole:    map[string]string{"KEYMAP": "de-latin1", "XKBLAYOUT": "de"},
		DefaultKbd:  map[string]string{"XKBMODEL": "pc105", "XKBLAYOUT": "de,us", "XKBVARIANT": ""},
		Locale:      "de_DE.UTF-8",
		Credentials: map[string]string{"vconsole.keymap": "fr"},
	}
	if got := Read(files(debian...)); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAnImageWithoutX(t *testing.T) {
	want := xconfig.Image{Reach: xconfig.Reach{Why: "there is no X server in this image"}}
	if got := Read(files("etc/hostname", "box\n")); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// Where each distribution keeps its X server and drivers.
func TestPlaces(t *testing.T) {
	for _, row := range []struct {
		name           string
		files          []string
		server, nvidia string
		drivers        []string
	}{
		{"Fedora", []string{"usr/libexec/Xorg", "", "usr/lib64/xorg/modules/drivers/nvidia_drv.so", "", "usr/lib64/nvidia/xorg/libglxserver_nvidia.so", ""},
			"/usr/libexec/Xorg", "/usr/lib64/nvidia/xorg", []string{"nvidia"}},
		{"Arch", []string{"usr/lib/Xorg", "", "usr/lib/xorg/modules/drivers/nvidia_drv.so", "", "usr/lib/nvidia/xorg/libglxserver_nvidia.so", ""},
			"/usr/lib/Xorg", "/usr/lib/nvidia/xorg", []string{"nvidia"}},
		{"Ubuntu", []string{"usr/lib/xorg/Xorg", "", "usr/lib/x86_64-linux-gnu/nvidia/xorg/nvidia_drv.so", ""},
			"/usr/lib/xorg/Xorg", "/usr/lib/x86_64-linux-gnu/nvidia/xorg", []string{"nvidia"}},
		{"openSUSE", []string{"usr/bin/Xorg", "", "usr/lib64/xorg/modules/updates/drivers/nvidia_drv.so", ""},
			"/usr/bin/Xorg", "", []string{"nvidia"}},
		{"GLX only", []string{"usr/bin/Xorg", "", "usr/lib/nvidia/xorg/libglxserver_nvidia.so", ""},
			"/usr/bin/Xorg", "/usr/lib/nvidia/xorg", nil},
	} {
		im := Read(files(row.files...))
		if im.XServer != row.server || strings.Join(im.NvidiaPaths, " ") != row.nvidia || !reflect.DeepEqual(im.Drivers, row.drivers) {
			t.Errorf("%s: %q %q %q", row.name, im.XServer, im.NvidiaPaths, im.Drivers)
		}
	}
}

func TestXorgConf(t *testing.T) {
	for _, row := range []struct {
		name  string
		files []string
		want  string
	}{
		{"the usual place", []string{"etc/X11/xorg.conf", "#", "etc/xorg.conf", "#"}, "/etc/X11/xorg.conf"},
		{"an empty one, which X takes", []string{"etc/X11/xorg.conf", "", "etc/xorg.conf", "#"}, ""},
		{"a second place", []string{"usr/lib/X11/xorg.conf", "#"}, "/usr/lib/X11/xorg.conf"},
		{"for this host", []string{"etc/hostname", "kiosk\n", "usr/lib/X11/xorg.conf", "#", "usr/lib/X11/xorg.conf.kiosk", "#"}, "/usr/lib/X11/xorg.conf.kiosk"},
		{"a host name that leads elsewhere", []string{"etc/hostname", "/../../../etc/passwd\n", "etc/passwd", ""}, ""},
		{"a link that leads nowhere", []string{"etc/X11/xorg.conf -> /run/none"}, ""},
		{"a directory", []string{"etc/X11/xorg.conf/file", ""}, ""},
	} {
		if got := (tree{files(row.files...)}).xorgConf(); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}
