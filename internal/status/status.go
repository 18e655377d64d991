package status

import (
	"attune/detect"
	"attune/detect/kmod"
	"attune/internal/desktop"
	"attune/internal/explain"
	"attune/internal/finding"
	"attune/internal/records"
	"attune/internal/settings"
	"attune/internal/state"
)

// Facts are all that a status is made of.
type Facts struct {
	Record     Record
	Live       bool   // the machine we run on, where "now" means something
	Release    string // of its kernel
	Cmdline    string
	Inventory  detect.Inventory
	Verdicts   []explain.Verdict // in the inventory's order
	NoTree     string            // set where nothing could be planned: "this image has no modules for kernel 6.1.0"
	Plan       *desktop.Plan     // what would be decided now; nil: switched off, or not to be had
	OfDrivers  []error           // what could not be read or understood of what drivers are decided by
	OfDisplays []error           // the same of displays, input devices and settings
	State      state.State
	Modules    kmod.Plan // what would be loaded now
	Records    []records.Stored
	InForce    []settings.Explanation
	Findings   []finding.Finding          // of parts that have their own
	Unread     []string                   // what this user may not read, in words
	Name       func(detect.Device) string // a device for people
	Named      func(detect.Device) bool   // a person would call it a device
}

// Schema is the version of Status as JSON. It changes when a field goes or
// means another thing, not when one is added.
const Schema = 1

// A Health is how a machine, or a part of it, is.
type Health string

// The healths, the best first.
const (
	Works   Health = "works"
	Limited Health = "limited"
	Failed  Health = "failed"
)

// A Status is how a machine is. Its JSON is for scripts, see docs/findings.md.
type Status struct {
	Schema   int         `json:"schema"`
	Health   Health      `json:"health"`   // the worst of the findings
	Findings []Told      `json:"findings"` // the worst first
	Areas    []Area      `json:"areas"`    // always all of them, in one order
	Machine  Machine     `json:"machine"`
	Boot     *Boot       `json:"boot"` // null: no record of a boot by attune
	GPU      GPU         `json:"gpu"`
	Displays []Display   `json:"displays"`
	Inputs   []Input     `json:"inputs"`
	Keyboard Keyboard    `json:"keyboard"`
	Drivers  Drivers     `json:"drivers"`
	Settings []Setting   `json:"settings"` // in force, with where each is from
	State    state.State `json:"state"`
	Records  []Choice    `json:"records"`
	Failsafe *Failsafe   `json:"failsafe"` // null: no displays were configured yet
	X        X           `json:"x"`
	Unread   []string    `json:"unread"` // what this user may not read; nothing is wrong with it
}

// Of says how a machine is.
func Of(f Facts) Status {
	s := Status{
		Schema: Schema, Machine: machineOf(f), Boot: bootOf(f.Record),
		Drivers: driversOf(f), State: f.State, Records: choices(f.Records), Settings: inForce(f.InForce), Failsafe: failsafeOf(f.Record.Ladder),
		Unread: append(list(f.Unread), f.Record.Denied...),
	}
	s.screens(f)
	s.Findings = findings(f, s)
	s.Health = healthOf(s.Findings)
	s.Areas = areas(s)
	return s
}

// healthOf is the worst of findings.
func healthOf(all []Told) Health {
	h := Works
	for _, f := range all {
		switch f.Level {
		case finding.Failed:
			return Failed
		case finding.Limited:
			h = Limited
		}
	}
	return h
}

// list makes an empty list of none, which JSON would call null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
