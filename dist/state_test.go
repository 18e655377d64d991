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
		{name: "both", blkid: "/dev/sdq3: LABEL=\"stateless-state\"\n/dev/sdq2: LABEL=\"attune-state\"", mount: "*", mkdir: true, asked: "noatime /dev/sdq2", said: "<4>several partitions"},
		{name: "a label that only looks like it", blkid: `/dev/sdq2: LABEL="x\": LABEL=\"attune-state"`, mkdir: true, nobody: true},
		{name: "mended", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "mended", fsck: 1, mkdir: true, asked: "noatime /dev/sdq2", said: "<4>/dev/sdq2 was damaged and has been mended"},
		{name: "damaged, can be read", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*,ro", fsck: 4, mkdir: true, asked: ",ro /dev/sdq2", said: "<3>/dev/sdq2 is damaged: mounted read-only"},
		{name: "its journal too", blkid: `/dev/sdq2: LABEL="attune-state"`, mount: "*,ro,noload", fsck: 4, mkdir: true, asked: ",ro,noload /dev/sdq2", said: "mounted read-only"},
		{name: "beyond use", blkid: `/dev/sdq2: LABEL="attune-state"`, fsck: 8, mkdir: true, asked: ",ro,noload /dev/sdq2", said: "<3>/dev/sdq2 is damaged beyond use"},
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
			for _, disk := range []string{"sdq2", "sdq3", "fd0", "sr0", "loop7"} {
				put("block/"+disk, "")
			}
			put("mountinfo", "22 1 0:21 / /run rw - tmpfs tmpfs rw\n")
			put("answer", test.blkid+"\n")
			put("bin/blkid", "#!/bin/sh\necho \"$@\" >>"+dir+"/asked-blkid\ncat "+dir+"/answer\n")
			put("bin/mount", "#!/bin/sh\n[ ! -e "+dir+"/fsck-ran ] || mended=1\necho \"$2 $3\" >>"+dir+"/asked\ncase $2 in "+pattern(test.mount)+") exit 0 ;; esac\n[ \""+test.mount+"\" = mended ] && [ -n \"$mended\" ] && exit 0\nexit 32\n")
			put("bin/timeout", "#!/bin/sh\nshift\nexec \"$@\"\n")
			put("bin/fsck", "#!/bin/sh\n: >"+dir+"/fsck-ran\nexit "+string(rune('0'+test.fsck))+"\n")
			if !test.mkdir {
				put("bin/mkdir", "#!/bin/sh\nexit 1\n")
			}
			put("mount-state", script)
			c := exec.Command("/bin/sh", filepath.Join(dir, "mount-state"))
			c.Env = []string{"PATH=" + filepath.Join(dir, "bin") + ":/usr/bin:/bin"}
			out, err := c.CombinedOutput()
			if err != nil {
				t.Errorf("it fails: %v", err)
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
