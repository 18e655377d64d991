package dist_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMountState runs the script with programs that say what they were asked.
func TestMountState(t *testing.T) {
	tests := []struct {
		name   string
		blkid  string // what it prints
		mount  string // options it takes: a shell pattern, "" none
		mended string // and after a repair, in place of mount
		fsck   int
		mkdir  bool   // /var/lib/attune can be made
		asked  string // the last mount
		said   string
		nobody bool // nothing is mounted or mended
	}{
		{name: "no partition", blkid: `/dev/null: LABEL="other"`, nobody: true},
		{name: "nothing at all", nobody: true},
		{name: "ours", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*", mkdir: true, asked: "nosuid,nodev,noexec,noatime /dev/sdq2"},
		{name: "an older image's", blkid: `/dev/sdq3: LABEL="stateless-state"`, mount: "*", mkdir: true, asked: "noatime /dev/sdq3"},
		{name: "both", blkid: "/dev/sdq3: LABEL=\"stateless-state\"\n/dev/sdq2: LABEL=\"attune-state\"", mount: "*", mkdir: true, asked: "noatime /dev/sdq2", said: "<4>several partitions hold state: /dev/sdq2 is used, not /dev/sdq3"},
		{name: "a stick is not taken for the machine's", blkid: "/dev/sda1: LABEL=\"attune-state\"\n/dev/sdq3: LABEL=\"stateless-state\"", mount: "*", mkdir: true, asked: "noatime /dev/sdq3", said: "/dev/sdq3 is used, not /dev/sda1"},
		{name: "nor a card in a reader", blkid: "/dev/sdb1: LABEL=\"attune-state\"\n/dev/sdq2: LABEL=\"attune-state\"", mount: "*", mkdir: true, asked: "noatime /dev/sdq2", said: "/dev/sdq2 is used, not /dev/sdb1"},
		{name: "a stick alone", blkid: `/dev/sda1: LABEL="attune-state"`, mount: "*", mkdir: true, asked: "nosuid,nodev,noexec,noatime /dev/sda1"},
		{name: "of two alike, where they are plugged in", blkid: "/dev/sdc1: LABEL=\"attune-state\"\n/dev/sdq2: LABEL=\"attune-state\"", mount: "*", mkdir: true, asked: "noatime /dev/sdc1", said: "/dev/sdc1 is used, not /dev/sdq2"},
		{name: "a label that only looks like it", blkid: `/dev/sdq2: LABEL="x\": LABEL=\"attune-state"`, mkdir: true, nobody: true},
		{name: "mended", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "mended", fsck: 1, mkdir: true, asked: "noatime /dev/sdq2", said: "<3>/dev/sdq2 is damaged beyond use, unless it can be mended\n<4>/dev/sdq2 was damaged and has been mended"},
		{name: "can be read until it is mended", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*,ro", mended: "*", fsck: 1, mkdir: true, asked: "noatime /dev/sdq2", said: "<3>/dev/sdq2 is damaged: mounted read-only until it is mended\n<4>/dev/sdq2 was damaged and has been mended"},
		{name: "damaged, can be read", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*,ro", fsck: 4, mkdir: true, asked: ",ro /dev/sdq2", said: "<3>/dev/sdq2 is damaged: mounted read-only, nothing"},
		{name: "its journal too", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*,ro,noload", fsck: 4, mkdir: true, asked: ",ro,noload /dev/sdq2", said: "mounted read-only, nothing"},
		{name: "beyond use", blkid: `/dev/sdq2: LABEL="attune-state"`, fsck: 8, mkdir: true, asked: ",ro,noload /dev/sdq2", said: "\n<3>/dev/sdq2 is damaged beyond use\n"},
		{name: "nowhere to mount it", blkid: `/dev/sdq2: LABEL="attune-state"`, said: "<3>/dev/sdq2 is not mounted", nobody: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			script := strings.NewReplacer("/sys/class/block", dir+"/block", "-b \"/dev/$d\"", "-n \"$d\"", "/dev/disk/by-label", dir+"/no-links",
				"/var/lib/attune", dir+"/state", "/run/attune", dir, "/proc/self/mountinfo", dir+"/mountinfo").Replace(read(t, "lib/mount-state"))
			put := func(name, text string) {
				t.Helper()
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, disk := range []string{"pci0/ata1/sdq/sdq2", "pci0/ata1/sdq/sdq3", "pci0/ata0/sdc/sdc1", "pci0/usb1/1-1/sda/sda1", "pci0/ata2/sdb/sdb1", "fd0", "sr0", "loop7"} {
				put("devices/"+disk+"/dev", "")
				put("block/none", "")
				if err := os.Symlink(filepath.Join(dir, "devices", disk), filepath.Join(dir, "block", filepath.Base(disk))); err != nil {
					t.Fatal(err)
				}
			}
			put("devices/pci0/ata2/sdb/removable", "1\n")
			put("mountinfo", "22 1 0:21 / /run rw - tmpfs tmpfs rw\n")
			put("answer", test.blkid+"\n")
			put("bin/blkid", "#!/bin/sh\necho \"$@\" >>"+dir+"/asked-blkid\ncat "+dir+"/answer\n")
			takes := func(options string) string {
				return "case $2 in " + pattern(options) + ") echo 23 22 8:1 / " + dir + "/state rw >>" + dir + "/mountinfo; exit 0 ;; esac\n"
			}
			mended := test.mended
			if test.mount == "mended" {
				mended = "*"
			} else if mended == "" {
				mended = test.mount
			}
			put("bin/mount", "#!/bin/sh\necho \"$2 $3\" >>"+dir+"/asked\nif [ -e "+dir+"/fsck-ran ]; then\n"+takes(mended)+"else\n"+takes(test.mount)+"fi\nexit 32\n")
			put("bin/umount", "#!/bin/sh\nsed -i /8:1/d "+dir+"/mountinfo\n")
			put("bin/fsck", "#!/bin/sh\n: >"+dir+"/fsck-ran\n! grep -q 8:1 "+dir+"/mountinfo || echo mended while mounted\nexit "+string(rune('0'+test.fsck))+"\n")
			if !test.mkdir {
				put("bin/mkdir", "#!/bin/sh\nexit 1\n")
			}
			put("mount-state", script)
			var out []byte
			for _, argv := range [][]string{{filepath.Join(dir, "mount-state")}, {filepath.Join(dir, "mount-state"), "mend"}} {
				c := exec.Command("/bin/sh", argv...)
				c.Env = []string{"PATH=" + filepath.Join(dir, "bin") + ":/usr/bin:/bin"}
				said, err := c.CombinedOutput()
				if out = append(out, said...); err != nil {
					t.Errorf("%v fails: %v", argv, err)
				}
				// The picture waits for the first run, a repair does not fit in.
				if _, err := os.Stat(filepath.Join(dir, "fsck-ran")); err == nil && len(argv) == 1 {
					t.Error("it is mended before there is a picture")
				}
			}
			if strings.Contains(string(out), "while mounted") {
				t.Errorf("%s", out)
			}
			if !strings.Contains(string(out), test.said) || test.said == "" && len(out) > 0 {
				t.Errorf("said %q, want %q", out, test.said)
			}
			asked, _ := os.ReadFile(filepath.Join(dir, "asked"))
			lines := strings.Split(strings.TrimSpace(string(asked)), "\n")
			if test.nobody != (len(asked) == 0) || !strings.HasSuffix(lines[len(lines)-1], test.asked) {
				t.Errorf("mount was asked %q, want last %q", asked, test.asked)
			}
			drives, _ := os.ReadFile(filepath.Join(dir, "asked-blkid"))
			for _, never := range []string{"fd0", "sr0", "loop7"} {
				if strings.Contains(string(drives), never) {
					t.Errorf("%s is read: %s", never, drives)
				}
			}
		})
	}
}

// pattern is a case that nothing takes for "".
func pattern(s string) string {
	if s == "" || s == "mended" {
		return "nothing"
	}
	return s
}
