package alive

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Any user may listen on a name no X server has yet, and run an Xorg that shows
// nothing. A server is the machine's where root or a service runs it, or somebody
// logged in at a seat of this machine.

// atSeat says so of a process. One that cannot be looked at, and any on a
// machine that keeps no sessions, is given credit.
func atSeat(root string, pid int) bool {
	uid, ok := userOf(root, pid)
	if !ok || uid == 0 {
		return true
	}
	sessions := filepath.Join(root, "run/systemd/sessions")
	names, err := os.ReadDir(sessions)
	if err != nil {
		return true
	}
	// cgroups(7). Nobody puts a process of his out of his slice.
	group, err := os.ReadFile(filepath.Join(root, "proc", strconv.Itoa(pid), "cgroup"))
	if err != nil || !bytes.Contains(group, []byte("/user.slice/")) {
		return true
	}
	return slices.ContainsFunc(names, func(e os.DirEntry) bool {
		user, seat := session(filepath.Join(sessions, e.Name()))
		in := bytes.Contains(group, []byte("/session-"+e.Name()+".scope")) || bytes.Contains(group, []byte("/user@"))
		return user == uid && seat && in
	})
}

// session reads one of logind's files: NAME=VALUE lines, SEAT only where the
// session has one. systemd, src/login/logind-session.c.
func session(file string) (user int, seat bool) {
	user = -1
	f, err := os.Open(file)
	if err != nil {
		return user, false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		switch name {
		case "UID":
			if n, err := strconv.Atoi(value); err == nil {
				user = n
			}
		case "SEAT":
			seat = value != ""
		}
	}
	return user, seat
}

// userOf is who runs a process: the real user of /proc/PID/status. proc(5).
func userOf(root string, pid int) (uid int, ok bool) {
	text, err := os.ReadFile(filepath.Join(root, "proc", strconv.Itoa(pid), "status"))
	if pid == 0 || err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if ids, found := strings.CutPrefix(line, "Uid:"); found {
			if w := strings.Fields(ids); len(w) > 0 {
				uid, err = strconv.Atoi(w[0])
				return uid, err == nil
			}
		}
	}
	return 0, false
}

// owner is whose a socket is, -1 where it cannot be told.
func owner(file string) int {
	info, err := os.Lstat(file)
	if err != nil {
		return -1
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}

// owns says that a process named by a lock may be the one that listens: a user
// cannot pass off another's for his own.
func owns(root, file string, pid int) bool {
	uid, ok := userOf(root, pid)
	return !ok || uid == owner(file)
}
