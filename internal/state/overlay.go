package state

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// upperOf names the file system an overlay's changes go to, "" where its upper
// layer is not in our sight: the initramfs that mounted it may have taken it along.
func upperOf(dir string) string {
	dir, err := filepath.EvalSymlinks(dir) // mounts are known by their own places
	if err != nil {
		return ""
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	upper := upperDir(bufio.NewScanner(f), dir)
	var st unix.Statfs_t
	if upper == "" || unix.Statfs(upper, &st) != nil {
		return ""
	}
	return fsName(int64(st.Type))
}

// upperDir finds the mount a directory is on and gives its upperdir=.
// proc(5): "36 35 98:0 /root /point options tags - type source superoptions".
func upperDir(lines *bufio.Scanner, dir string) string {
	best, upper := "", ""
	for lines.Scan() {
		left, right, ok := strings.Cut(lines.Text(), " - ")
		head, tail := strings.Fields(left), strings.Fields(right)
		if !ok || len(head) < 5 || len(tail) < 3 {
			continue
		}
		point := unescape(head[4])
		if !isBelow(dir, point) || len(point) < len(best) {
			continue
		}
		best, upper = point, "" // of two on one point the later hides the earlier
		if tail[0] == "overlay" {
			upper = option(tail[2], "upperdir")
		}
	}
	return upper
}

// isBelow says whether a path is a directory or below it.
func isBelow(p, dir string) bool {
	return dir == "/" || p == dir || strings.HasPrefix(p, dir+"/")
}

func option(options, name string) string {
	for o := range strings.SplitSeq(options, ",") {
		if value, ok := strings.CutPrefix(o, name+"="); ok {
			return unescape(value)
		}
	}
	return ""
}

// unescape takes back what mangle_path of fs/seq_file.c does to a path.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}
