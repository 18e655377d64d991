package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"attune/detect/kmod"
	"attune/internal/modtree"
)

// A bench is everything both sides need.
type bench struct {
	options
	release string
	scratch string // the C program, and a root with the tree's modprobe.d
	program string
	conf    string
}

// A result is one machine's figures.
type result struct {
	aliases, modules int
	libkmod, attune  time.Duration
}

func (r result) ratio() float64 { return float64(r.attune) / float64(r.libkmod) }

func newBench(o options) (*bench, error) {
	release := modtree.Release(o.tree)
	if release == "" {
		return nil, errors.New("no module tree: make one with scripts/modtree bookworm")
	}
	scratch, err := os.MkdirTemp("", "attune-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, release: release, scratch: scratch}
	b.program = filepath.Join(scratch, "libkmod")
	b.conf = filepath.Join(scratch, "lib/modprobe.d")
	if err := b.prepare(); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) prepare() error {
	if err := os.CopyFS(b.conf, os.DirFS(filepath.Join(b.tree, "lib/modprobe.d"))); err != nil {
		return err
	}
	out, err := exec.Command(b.cc, "-O2", "-o", b.program, b.source, "-lkmod").CombinedOutput()
	if err != nil {
		return fmt.Errorf("compiling %s, which wants libkmod-dev: %w\n%s", b.source, err, out)
	}
	return nil
}

func (b *bench) close() { os.RemoveAll(b.scratch) }

// machine gives both sides their turns.
func (b *bench) machine(name string) (result, error) {
	aliases, err := readAliases(filepath.Join(b.corpus, "udevadm", name+".txt.xz"))
	if err != nil {
		return result{}, err
	}
	var theirs, ours []time.Duration
	r := result{aliases: len(aliases)}
	for range b.turns {
		took, found, err := b.libkmod(aliases)
		if err != nil {
			return r, err
		}
		theirs = append(theirs, took)
		if took, r.modules, err = b.attune(aliases); err != nil {
			return r, err
		}
		ours = append(ours, took)
		if found != r.modules {
			return r, fmt.Errorf("libkmod found %d modules, attune %d", found, r.modules)
		}
	}
	r.libkmod, r.attune = median(theirs), median(ours)
	return r, nil
}

// libkmod runs the C side for one turn.
func (b *bench) libkmod(aliases []string) (time.Duration, int, error) {
	dir := filepath.Join(b.tree, "lib/modules", b.release)
	cmd := exec.Command(b.program, "bench", strconv.Itoa(b.rounds), dir, b.conf)
	cmd.Stdin = strings.NewReader(strings.Join(aliases, "\n"))
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("running libkmod: %w", err)
	}
	var ns int64
	var found int
	_, err = fmt.Fscan(bytes.NewReader(out), &ns, &found)
	return time.Duration(ns), found, err
}

// attune is our side of one turn.
func (b *bench) attune(aliases []string) (time.Duration, int, error) {
	times := make([]time.Duration, b.rounds)
	found := 0
	for i := range times {
		start := time.Now()
		n, err := b.round(aliases)
		if err != nil {
			return 0, 0, err
		}
		times[i], found = time.Since(start), n
	}
	return median(times), found, nil
}

func (b *bench) round(aliases []string) (found int, err error) {
	ix, err := kmod.Open(os.DirFS(b.tree), b.release)
	if err != nil {
		return 0, err
	}
	defer ix.Close()
	cfg, errs := kmod.ReadConfig(os.DirFS(b.scratch), "")
	if len(errs) > 0 {
		return 0, errors.Join(errs...)
	}
	r := kmod.NewResolver(ix, cfg)
	for _, alias := range aliases {
		// A DMI string with an open bracket is refused by both sides.
		if a, err := r.Lookup(alias); err == nil {
			found += len(a.Modules)
		} else if !errors.Is(err, kmod.ErrBadAlias) {
			return 0, err
		}
	}
	return found, nil
}
