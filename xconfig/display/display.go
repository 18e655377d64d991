// Package display decides which output shows what: which are on, in which mode,
// where on the desktop, turned and scaled how; and draws that as a picture. It
// knows what X would do by itself and marks what differs; how X or others are
// told it does not know.
package display

import (
	"fmt"

	"attune/detect"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// Plan decides which display shows what: one Output for each connector of the
// cards that are used where a display could be. The same facts and preferences give the same plan.
func Plan(f xconfig.Facts, p xconfig.Preferences) xconfig.DisplayPlan {
	d := displays{prefs: p, inputs: f.Inputs}
	d.plan.NoBlank, d.plan.Default = p.NoBlank, p.Default
	d.plan.GPU, d.plan.Notes = gpu.Plan(f, p)
	d.x = gpu.XCards(f, d.plan.GPU)
	for _, card := range cardsUsed(f.Graphics.Cards, d.plan.GPU) {
		for i := range card.Connectors {
			if card.Connectors[i].Type != "Writeback" { // no display: it writes the picture to memory, and X is not shown it
				d.add(card, &card.Connectors[i], f.Remembered)
			}
		}
	}
	d.nameOutputs()
	d.decideStates()
	d.leaveOutUnreachable(f.Image)
	d.assignRoles()
	d.applyRules()
	d.mergeTiles()
	d.keepOneOn(f.Image)
	d.capOutputs()
	d.choosePrimary()
	d.chooseModes()
	d.dontTurn(f.Image)
	d.mirror()
	d.measure()
	d.arrange()
	d.compareWithX()
	d.noteTwins()
	return d.finish()
}

// displays is a plan in the making.
type displays struct {
	prefs  xconfig.Preferences
	inputs []detect.Input
	heads  []*head
	rules  []rule // read from prefs.Outputs
	x      map[string]gpu.XCard
	plan   xconfig.DisplayPlan
}

func (d *displays) note(subject, format string, args ...any) {
	d.plan.Notes = append(d.plan.Notes, xconfig.Remark(subject, format, args...))
}

// on are the heads that show a picture, in the plan's order.
func (d *displays) on() []*head { return onlyOn(d.heads) }

func onlyOn(heads []*head) (on []*head) {
	for _, h := range heads {
		if h.out.State == "on" {
			on = append(on, h)
		}
	}
	return on
}

// cardsUsed are the chosen card and those that render or show along with it.
// A firmware's framebuffer beside a real GPU is in neither.
func cardsUsed(cards []detect.Card, plan xconfig.GPUPlan) (used []*detect.Card) {
	for _, id := range append([]string{plan.Card}, plan.Offload...) {
		for i := range cards {
			if cards[i].ID == id && id != "" {
				used = append(used, &cards[i])
				break
			}
		}
	}
	return used
}

// The most there can be: no machine has more connectors, and X's screen is at
// most 32767 pixels on a side.
const (
	maxConnectors = 128
	maxOn         = 16
	maxScreen     = 32767
)

func (d *displays) capOutputs() {
	for i, h := range d.on() {
		if i >= maxOn {
			h.off(fmt.Sprintf("%d displays are on already", maxOn))
		}
	}
}

// keepOneOn undoes rules that would leave no picture at all. X lights nothing of
// further cards until a desktop tells it to, so one of its own card counts.
func (d *displays) keepOneOn(image xconfig.Image) {
	if own := d.ownHeads(d.heads); image.XServer != "" && len(d.ownHeads(d.on())) == 0 {
		d.keepOn(own)
	}
	if len(d.on()) == 0 {
		d.keepOn(d.heads)
	}
}

// keepOn turns the first one on again that a rule turned off.
func (d *displays) keepOn(heads []*head) {
	for _, h := range heads {
		if !h.ruledOff {
			continue
		}
		others := d.on()
		h.out.State, h.out.Why = "on", "rules would leave no display on"
		if len(others) == 0 {
			d.note(h.conn.Name, "is on though a rule says off: there would be no picture at all")
			return
		}
		h.out.Why = "rules would leave X no display to begin with"
		d.note(h.conn.Name, "is on though a rule says off: X begins on %s, and this stays on until a desktop turns on %s; the setting display.gpu = %q would start X there",
			h.card.ID, others[0].conn.Name, others[0].card.ID)
		return
	}
}

func (d *displays) finish() xconfig.DisplayPlan {
	if size, err := parseMode(d.prefs.Headless); err == nil && d.plan.GPU.Headless {
		d.plan.Width, d.plan.Height = size.width, size.height
	}
	for _, h := range d.heads {
		d.plan.Outputs = append(d.plan.Outputs, h.out)
	}
	d.plan.Notes = xconfig.Once(d.plan.Notes)
	return d.plan
}
