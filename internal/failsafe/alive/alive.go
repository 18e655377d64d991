// Package alive asks which display servers of a machine answer.
//
// It connects to their sockets and says as little as gets an answer: an X
// server is greeted by a protocol version that does not exist, which it has to
// refuse; a Wayland compositor is asked for a word back. An X server without a
// client is not asked at all, as it begins anew, or ends, when the only one goes. A
// server of a user who sits at no seat of the machine, logged in from afar or by no
// session, is none. Who may use them, and what they show, the package does not know.
package alive

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Server is a display server that answered, or that was not asked.
type Server struct {
	Name  string // "X0", "wayland-0 of 116"
	PID   int    // of the process that listens, 0 unknown
	Quiet bool   // it listens, has no client and so was not asked
}

// Key tells a server from the one that was there before it.
func (s Server) Key() string { return fmt.Sprintf("%s by %d", s.Name, s.PID) }

// Where sockets are.
const (
	xSockets       = "tmp/.X11-unix/X*"
	waylandSockets = "run/user/*/wayland-*"
	westonSockets  = "run/weston*/wayland-*" // its service's
	gameSockets    = "run/user/*/gamescope-*"
)

// patience is how long a server may take: a busy machine's takes a second.
const patience = 3 * time.Second

// maxSockets bounds what a full /tmp costs: root's come first, then those of the
// lowest numbers.
const maxSockets = 32

// Look asks all there are below root, "/" but for tests, at once. Sorted.
func Look(ctx context.Context, root string) []Server {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	clients := connected(root)
	var asks []func() (Server, bool)
	for _, file := range sockets(root, xSockets) {
		asks = append(asks, func() (Server, bool) { return askX(ctx, root, file, clients[filepath.Base(file)]) })
	}
	for _, pattern := range []string{waylandSockets, westonSockets, gameSockets} {
		for _, file := range sockets(root, pattern) {
			asks = append(asks, func() (Server, bool) { return askWayland(ctx, root, file) })
		}
	}
	var mu sync.Mutex
	var found []Server
	var all sync.WaitGroup
	for _, ask := range asks {
		all.Go(func() {
			if s, ok := ask(); ok {
				mu.Lock()
				defer mu.Unlock()
				found = append(found, s)
			}
		})
	}
	all.Wait()
	slices.SortFunc(found, func(a, b Server) int { return strings.Compare(a.Key(), b.Key()) })
	return found
}

func sockets(root, pattern string) []string {
	names, _ := filepath.Glob(filepath.Join(root, pattern)) // the pattern is well formed
	names = slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return err != nil || info.Mode()&os.ModeSocket == 0
	})
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(min(1, uint(owner(a))), min(1, uint(owner(b)))), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
	return names[:min(len(names), maxSockets)]
}
