package vm

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// traced has strace stand over the boot service: it may not see system calls
// forbidden, so the unit's filter is off, and its sandbox stays.
var traced = map[string]string{"run/systemd/system/attune-boot.service.d/90-trace.conf": `[Service]
ExecStart=
ExecStart=/usr/bin/strace -f -y --seccomp-bpf -qq -s 4096 -e trace=%%file -o /` + traceFile + ` /usr/bin/attune boot
NotifyAccess=all
SystemCallFilter=
TimeoutStartSec=300s
`}

// A Change is something a traced program did to a file, or tried to.
type Change struct {
	Call string // openat, renameat2, mkdirat ...
	Path string // absolute
	Err  string // EROFS; "" when it went well
}

var (
	traceCall    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: (E[A-Z0-9]+))?`)
	traceBegun   = regexp.MustCompile(`^(\d+) +(\w+\(.*?),? *<unfinished \.\.\.>$`)
	traceResumed = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>,? ?(.*)$`)
	tracePath    = regexp.MustCompile(`(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"`)
	opens        = regexp.MustCompile(`\bO_(WRONLY|RDWR|CREAT|TRUNC)\b`)
)

// changing are the calls which change a file system, besides opening for
// writing.
var changing = []string{"creat", "mkdir", "mkdirat", "rmdir", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat",
	"symlink", "symlinkat", "mknod", "mknodat", "truncate", "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat",
	"utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "removexattr", "lremovexattr", "mount", "umount2", "pivot_root", "chroot"}

// Changes reads what strace -f -y wrote of %file calls: each change of a file,
// sorted, once. Those which failed are in it when the file system forbade them.
func Changes(trace string) []Change {
	var out []Change
	begun := map[string]string{}
	for line := range strings.Lines(trace) {
		line = strings.TrimRight(line, "\n")
		if m := traceBegun.FindStringSubmatch(line); m != nil {
			begun[m[1]] = m[2]
			continue
		}
		if m := traceResumed.FindStringSubmatch(line); m != nil {
			head := begun[m[1]]
			delete(begun, m[1])
			line = m[1] + " " + head + joint(head, m[2]) + m[2]
		}
		if m := traceCall.FindStringSubmatch(line); m != nil {
			out = append(out, changesOf(m[2], m[3], m[5])...)
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		return strings.Compare(a.Path+"\x00"+a.Call+"\x00"+a.Err, b.Path+"\x00"+b.Call+"\x00"+b.Err)
	})
	return slices.Compact(out)
}

// joint is what strace leaves out between the halves of a call.
func joint(head, rest string) string {
	if strings.HasSuffix(head, "(") || strings.HasPrefix(rest, ")") {
		return ""
	}
	return ", "
}

func changesOf(call, args, failed string) []Change {
	switch {
	case failed != "" && failed != "EROFS" && failed != "EACCES" && failed != "EPERM":
		return nil // nothing there, or there already: not a word about where one may write
	case strings.HasPrefix(call, "open"):
		if !opens.MatchString(args) {
			return nil
		}
	case !slices.Contains(changing, call):
		return nil
	}
	var out []Change
	paths := tracePath.FindAllStringSubmatch(args, -1)
	if strings.HasPrefix(call, "symlink") && len(paths) > 1 {
		paths = paths[1:] // the first is only text
	}
	for _, m := range paths {
		p := m[2]
		if !path.IsAbs(p) {
			p = path.Join("/", m[1], p)
		}
		out = append(out, Change{call, path.Clean(p), failed})
		if strings.HasPrefix(call, "open") {
			break
		}
	}
	return out
}
