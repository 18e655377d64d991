package alive

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

// connected counts the connections of clients to sockets, by the name of the X
// server's socket file. unix(7), /proc/net/unix; the kernel's net/unix/af_unix.c:
// a connection on the server's side has the socket's name and state 03.
func connected(root string) map[string]int {
	f, err := os.Open(filepath.Join(root, "proc/net/unix"))
	if err != nil {
		return nil
	}
	defer f.Close()
	all := map[string]int{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		// Num RefCount Protocol Flags Type St Inode Path
		w := strings.Fields(lines.Text())
		if len(w) != 8 || w[5] != "03" {
			continue
		}
		name, ok := strings.CutPrefix(strings.TrimPrefix(w[7], "@"), "/tmp/.X11-unix/")
		if ok {
			all[name]++
		}
	}
	return all
}
