package image

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"attune/fixtures"
)

// recorded is a tree's recording.
func recorded(t *testing.T, root fs.FS) *fixtures.Tree {
	t.Helper()
	keep := fixtures.New()
	for _, err := range Record(root, keep) {
		t.Error(err)
	}
	return keep
}

// sameRecorded: a recording, and one of the recording, are read as the tree is.
func sameRecorded(t *testing.T, name string, root fs.FS) {
	t.Helper()
	one := recorded(t, root)
	two := recorded(t, one)
	if a, b := string(one.Format("")), string(two.Format("")); a != b {
		t.Errorf("%s: a recording of the recording differs:\n%s\n%s", name, a, b)
	}
	if got, want := Read(one), Read(root); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: from the recording %+v\nfrom the tree      %+v\n%s", name, got, want, one.Format(""))
	}
}

func TestRecord(t *testing.T) {
	for _, row := range []struct {
		name  string
		files []string
	}{
		{"Debian", debian},
		{"nothing", []string{"etc/hostname", "box\n"}},
		{"links on the way", []string{"usr/lib64 -> lib", "usr/lib/xorg -> /opt/xorg", "opt/xorg/Xorg", "", "opt/xorg/modules/drivers/vesa_drv.so", "",
			"etc/X11/xorg.conf -> /home/anna/xorg.conf", "home/anna/xorg.conf", "Section"}},
		{"a configuration for this host", []string{"etc/hostname", "kiosk\n", "usr/bin/X", "", "usr/lib/X11/xorg.conf.kiosk", ""}},
		{"a list of no models", []string{"usr/share/X11/xkb/rules/evdev.lst", "! layout\n  us  English\n"}},
		{"quotes", []string{"etc/vconsole.conf", "KEYMAP=\"it's\"\n", "etc/locale.conf", "LANG=x\\'y\n"}},
		{"nothing about the keyboard", []string{"etc/vconsole.conf", "FONT=x\n"}},
		{"odd names in the directory", []string{"usr/bin/X", "", "etc/X11/xorg.conf.d/gone.conf -> /nowhere", "etc/X11/xorg.conf.d/sub/a.conf", ""}},
		{"a directory elsewhere", []string{"usr/bin/X", "", "etc/X11/xorg.conf.d -> /opt/x", "opt/x/a.conf", "", "opt/x/README", ""}},
	} {
		sameRecorded(t, row.name, files(row.files...))
	}
}

// What is recorded of an image is what counts, and small.
func TestRecordLeavesOut(t *testing.T) {
	image := append([]string{
		"etc/X11/xorg.conf", "# by Anna\n",
		"etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=anna\nxserver-command=X -auth /home/anna/x -configdir /run/attune/xorg.conf.d\n",
		"etc/fstab", "UUID=1 / ext4 defaults 0 1\n/run/attune/xorg.conf.d /etc/X11/xorg.conf.d none bind,username=anna 0 0\n",
		"proc/self/mountinfo", mounted("40 22 0:44 / /etc/X11/xorg.conf.d ro - overlay secret ro,lowerdir=/run/attune/xorg.conf.d:/b,password=secret\n"),
	}, debian...)
	tree := recorded(t, files(image...))
	text := string(tree.Format(""))
	for _, gone := range []string{"anna", "Anna", "secret", "UUID", "ELF", "German"} {
		if strings.Contains(text, gone) {
			t.Errorf("%q was recorded:\n%s", gone, text)
		}
	}
	if len(text) > 4000 {
		t.Errorf("%d bytes", len(text))
	}
}

func TestRecordIsBounded(t *testing.T) {
	image := []string{"usr/bin/X", ""}
	for i := range maxKept + 10 {
		image = append(image, "etc/X11/xorg.conf.d/"+strings.Repeat("x", i%200+1)+string(rune('a'+i%26))+strings.Repeat("y", i/200)+".conf", "")
	}
	if errs := Record(files(image...), fixtures.New()); len(errs) != 1 || errs[0] != errTooMany {
		t.Errorf("%v", errs)
	}
}

func FuzzDatabase(f *testing.F) {
	f.Add("model pc105 pc104\nlayout us intl\nlayout de\n")
	f.Add("layout us a\nlayout us b\nlayout\nmodel\n")
	f.Fuzz(func(t *testing.T, text string) {
		layouts, models := parseDatabase(text)
		again, same := parseDatabase(string(printDatabase(layouts, models)))
		if len(layouts) != len(again) || !reflect.DeepEqual(models, same) && layouts != nil {
			t.Errorf("%v %v became %v %v", layouts, models, again, same)
		}
	})
}
