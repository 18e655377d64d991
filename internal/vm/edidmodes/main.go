// Command edidmodes asks the kernel of a test machine what modes it makes of
// EDIDs. It runs in the guest: for each EDID it binds bochs-drm anew with the
// EDID in place of the card's own, and prints what the connector then has as a
// line of JSON (job.Shown).
//
//	edidmodes FILE
//
// FILE holds for each EDID its length as two bytes, the low one first, and then
// its bytes.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"attune/internal/vm/job"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: edidmodes FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "edidmodes:", err)
		os.Exit(1)
	}
}

const (
	driver   = "/sys/bus/pci/drivers/bochs-drm"
	firmware = "/run/edid-firmware"
)

func run(file string) error {
	edids, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(firmware, 0o755); err != nil {
		return err
	}
	if err := set("/sys/module/firmware_class/parameters/path", firmware); err != nil {
		return err
	}
	if err := set("/sys/module/drm/parameters/edid_firmware", "edid.bin"); err != nil {
		return err
	}
	cards, _ := filepath.Glob(driver + "/*:*")
	if len(cards) != 1 {
		return fmt.Errorf("bochs-drm has %d cards", len(cards))
	}
	log, err := openKernelLog()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	for len(edids) >= 2 {
		n := int(binary.LittleEndian.Uint16(edids))
		if len(edids) < 2+n {
			return fmt.Errorf("%s ends within an EDID", file)
		}
		s, err := show(filepath.Base(cards[0]), edids[2:2+n], log)
		if err != nil {
			s.Err = err.Error()
		}
		if err := enc.Encode(s); err != nil {
			return err
		}
		edids = edids[2+n:]
	}
	return nil
}

// show binds the card with an EDID and asks its connector.
func show(card string, edid []byte, log kernelLog) (s job.Shown, err error) {
	if err := set(driver+"/unbind", card); err != nil {
		return s, err
	}
	if err := os.WriteFile(firmware+"/edid.bin", edid, 0o644); err != nil {
		return s, err
	}
	if err := set(driver+"/bind", card); err != nil {
		return s, err
	}
	connectors, _ := filepath.Glob("/sys/class/drm/card*-Virtual-1")
	if len(connectors) != 1 {
		return s, fmt.Errorf("%d connectors", len(connectors))
	}
	nodes, _ := filepath.Glob("/dev/dri/card*")
	if len(nodes) != 1 {
		return s, fmt.Errorf("%d cards", len(nodes))
	}
	if s.Modes, err = connectorModes(nodes[0]); err != nil {
		return s, err
	}
	lines, err := log.modes()
	if err != nil {
		return s, err
	}
	s.Rejected = rejected(lines)
	s.EDID, err = os.ReadFile(connectors[0] + "/edid")
	return s, err
}

func set(path, text string) error { return os.WriteFile(path, []byte(text), 0) }
