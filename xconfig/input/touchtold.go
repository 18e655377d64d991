package input

import (
	"attune/xconfig"
)

// notTold is why X does not show what the plan says, "" where it does: nobody
// tells it where an administrator's own configuration stands, or where its name
// of an output is not known. What a touch is turned and placed by is then not known
// either; a setting that names the device says that a person knows.
func (t *touchMap) notTold() string {
	switch image := t.facts.Image; {
	case image.XServer == "":
		return ""
	case image.XorgConf != "":
		return image.XorgConf + " says what X does with displays"
	}
	own := pick(t.on, func(o *xconfig.Output) bool { return t.display.GPU.Card == "" || o.Card == t.display.GPU.Card })
	laidOut := len(own) > 1 && len(pick(own, func(o *xconfig.Output) bool { return o.Forced || o.Placed || o.Mirrors != "" })) > 0
	for _, o := range own {
		if o.XName == "" && (laidOut || rotation(o.Rotate) != Identity) {
			return "X's name of " + o.Connector + " is not known, so that X cannot be told of it"
		}
	}
	return ""
}

// keepBack leaves a touch as X has it where X is not told of the picture, and
// says so if that changes anything.
func (t *touchMap) keepBack(p *placedTouch) {
	why := t.notTold()
	if why == "" || p.target.asked || p.matrix == Identity {
		return
	}
	p.matrix = Identity
	if p.in.Path != "" {
		t.note(p.in, "not turned and placed in X with %s: %s; where X's picture lies so, the setting touch for this device says it", p.connector(), why)
	}
}
