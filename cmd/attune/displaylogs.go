package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/failsafe"
	"attune/internal/failsafe/cover"
	"attune/internal/failsafe/xlog"
)

// xLogs are where X servers started by display managers say what they do. None is in
// a home: people can write there what they like, and a home may be on a server
// that does not answer.
var xLogs = []string{
	"var/log/Xorg.[0-9].log",
	"var/log/Xorg.[0-9].log.old", // X is started again and again: the last to end is this one
	"var/log/lightdm/x-[0-9].log",
	"var/lib/gdm*/.local/share/xorg/Xorg.[0-9].log",
	"root/.local/share/xorg/Xorg.[0-9].log",
	"var/lib/sddm/.local/share/xorg/Xorg.[0-9].log",
	"var/log/sddm.log",
	"var/log/xdm.log",
}

// maxLog is what is read of a log, its end: one of an X that failed is short.
const maxLog = 512 << 10

// An account is what the logs say since X was started.
type account struct {
	xlog.Reason
	Written bool // there is a log of this start
}

// evidence reads the logs written since the last start of X.
func (l *ladder) evidence() account {
	var since time.Time
	if o := l.rec.State.Open; o != nil {
		since = began(*o, l.up())
	}
	return logs{}.read("/", since)
}

// began is when a try began by the clock on the wall, which logs go by.
func began(o failsafe.Try, up time.Duration) time.Time {
	return time.Now().Add(time.Duration(o.UpMS)*time.Millisecond - up)
}

// logs are those read before, by name, so that what has not changed is not read
// again. nil keeps nothing.
type logs map[string]readLog

type readLog struct {
	changed time.Time
	size    int64
	reason  xlog.Reason
	found   bool
}

// read takes the first decisive reason, else the first of any kind.
func (seen logs) read(root string, since time.Time) (a account) {
	for _, pattern := range xLogs {
		names, _ := filepath.Glob(filepath.Join(root, pattern)) // the patterns are well formed
		for _, name := range names {
			info, err := os.Lstat(name)
			if err != nil || !info.Mode().IsRegular() || info.ModTime().Before(since) {
				continue
			}
			a.Written = true
			one, known := seen[name]
			if !known || one.size != info.Size() || !one.changed.Equal(info.ModTime()) {
				one.changed, one.size = info.ModTime(), info.Size()
				one.reason, one.found = xlog.Read(endOf(name))
			}
			if seen != nil {
				seen[name] = one
			}
			if one.found && (a.Text == "" || one.reason.Decisive && !a.Decisive) {
				a.Reason = one.reason
			}
		}
	}
	return a
}

// endOf is the end of a file. Of a log that is its display manager's that one
// decides what it is, whatever it was a moment ago.
func endOf(name string) []byte {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	from := max(0, info.Size()-maxLog)
	data := make([]byte, info.Size()-from)
	n, _ := f.ReadAt(data, from)
	return data[:n]
}

// note keeps a file X named and that is the image's. What lies in our own
// directory X reads by a link is left out by another step.
func (l *ladder) note(a account) {
	info, err := os.Lstat(cover.ConfDir)
	linked := err == nil && info.Mode()&os.ModeSymlink != 0 && strings.HasPrefix(a.File, cover.ConfDir+"/")
	if cover.May(a.File) && !linked {
		l.rec.Note(failsafe.Broken{File: a.File, Line: a.Line, Text: a.Text})
	}
}
