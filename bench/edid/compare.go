package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"attune/detect/edid"

	"github.com/ulikunitz/xz"
	"golang.org/x/sys/unix"
)

// compare lets both decode the corpus in turn: A B A B, so that a busy machine
// is busy for both.
func compare(o options) (result, error) {
	if o.other == "" {
		return result{}, errors.New("no libdisplay-info to compare with: -displayinfo \"$(scripts/displayinfo)\"")
	}
	file, edids, err := load(o.corpus)
	if err != nil {
		return result{}, err
	}
	defer os.Remove(file)
	c, err := start(filepath.Join(o.other, "run"), file)
	if err != nil {
		return result{}, err
	}
	defer c.stop()
	r := result{edids: len(edids), allocations: allocations(edids)}
	r.sides = [4]side{{name: "decoding"}, {name: "decoding"}, {name: "and reading"}, {name: "and reading"}}
	for range o.rounds {
		for i, read := range []bool{false, true} {
			a, b := &r.sides[2*i], &r.sides[2*i+1]
			took, accepted, sum := pass(edids, read)
			a.passes, a.accepted = append(a.passes, took), accepted
			r.sum += sum
			took, accepted, err := c.pass(read)
			if err != nil {
				return r, err
			}
			b.passes, b.accepted = append(b.passes, took), accepted
		}
	}
	return r, nil
}

// load unpacks the corpus into a file for the C program, and cuts it.
func load(path string) (file string, edids [][]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, fmt.Errorf("reading the corpus: %w", err)
	}
	defer f.Close()
	r, err := xz.NewReader(bufio.NewReader(f))
	if err != nil {
		return "", nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return "", nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	for rest := b; len(rest) >= 2; {
		n := int(rest[0]) | int(rest[1])<<8
		if rest = rest[2:]; n > len(rest) {
			return "", nil, fmt.Errorf("unpacking %s: it ends within an EDID", path)
		}
		edids = append(edids, rest[:n:n])
		rest = rest[n:]
	}
	out, err := os.CreateTemp("", "attune-edids-")
	if err != nil {
		return "", nil, err
	}
	_, err = out.Write(b)
	return out.Name(), edids, errors.Join(err, out.Close())
}

func allocations(edids [][]byte) float64 {
	var counts []float64
	for i := 0; i < len(edids); i += 29 {
		counts = append(counts, testing.AllocsPerRun(3, func() { _, _ = edid.Parse(edids[i]) }))
	}
	slices.Sort(counts)
	return counts[len(counts)/2]
}

func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err) // there is no Linux without this clock
	}
	return time.Duration(t.Nano())
}

// pass is what a line asks of the C program.
func pass(edids [][]byte, read bool) (took time.Duration, accepted, sum int) {
	begin := processorTime()
	for _, b := range edids {
		e, err := edid.Parse(b)
		if err != nil {
			continue
		}
		accepted++
		if read {
			sum += readAll(e)
		}
	}
	return processorTime() - begin, accepted, sum
}

// A child is the C program under way.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(program, file string) (*child, error) {
	cmd := exec.Command(program, file)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting libdisplay-info's side: %w", err)
	}
	return &child{cmd, in, bufio.NewReader(out)}, nil
}

func (c *child) pass(read bool) (took time.Duration, accepted int, err error) {
	word := "parse\n"
	if read {
		word = "read\n"
	}
	if _, err = io.WriteString(c.in, word); err != nil {
		return 0, 0, fmt.Errorf("asking libdisplay-info's side: %w", err)
	}
	var sum uint64
	if _, err = fmt.Fscanln(c.out, &took, &accepted, &sum); err != nil {
		return 0, 0, fmt.Errorf("reading libdisplay-info's time: %w", err)
	}
	return took, accepted, nil
}

func (c *child) stop() {
	c.in.Close()
	_ = c.cmd.Wait()
}
