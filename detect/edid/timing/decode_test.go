package timing

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"attune/internal/corpus"
)

// edidDecode runs the real edid-decode.
func edidDecode(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("edid-decode", args...).CombinedOutput()
	if err != nil {
		t.Errorf("edid-decode %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func needEDIDDecode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("edid-decode"); err != nil {
		corpus.Missing(t, "comparing with edid-decode: %v (Debian's package edid-decode)", err)
	}
}

// parallel keeps all processors busy with n processes.
func parallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// printedRefresh is what edid-decode prints: of an interlaced mode with borders
// it leaves the borders out of the total, and so names a rate above that which
// it computed the clock for.
func printedRefresh(m Mode) float64 {
	if m.Interlaced {
		m.VBorder = 0
	}
	return m.Refresh()
}

// summary is a mode as edid-decode's first line has it, single-spaced:
// size, rate, aspect ratio, line rate, clock.
func summary(m Mode, aspect string) string {
	i := ""
	if m.Interlaced {
		i = "i"
	}
	return fmt.Sprintf("%dx%d%s %.6f Hz %s %.3f kHz %.6f MHz", m.HActive, m.VActive, i,
		printedRefresh(m), aspect, float64(m.Clock)/float64(m.HTotal())/1000, float64(m.Clock)/1e6)
}

// blanking is the lines that follow it.
func blanking(m Mode) string {
	pol := func(positive bool) string {
		if positive {
			return "P"
		}
		return "N"
	}
	border := func(name string, n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf(" %sborder %d", name, n)
	}
	h := fmt.Sprintf("Hfront %d Hsync %d Hback %d Hpol %s%s", m.HFront, m.HSync, m.HBack, pol(m.HSyncPositive), border("H", m.HBorder))
	v := fmt.Sprintf("Vfront %d Vsync %d Vback %d Vpol %s%s", m.VFront, m.VSync, m.VBack, pol(m.VSyncPositive), border("V", m.VBorder))
	switch {
	case m.Interlaced && m.EvenTotal:
		return h + "\n" + v + " Both Fields"
	case m.Interlaced:
		return h + "\n" + v + " Vfront +0.5 Odd Field\n" + v + " Vback +0.5 Even Field"
	}
	return h + "\n" + v
}

// spaced gives text with every run of blanks made one.
func spaced(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return strings.Join(lines, "\n")
}

var aspectRatio = regexp.MustCompile(`Hz \d+:\d+ `)
