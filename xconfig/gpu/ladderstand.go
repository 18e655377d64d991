package gpu

import (
	"slices"

	"attune/xconfig"
)

// fallBack stands on the rung that is to be tried, as X did not come up on
// those above it. A rung this machine does not have now leaves the plan as it
// is, and says so.
func fallBack(g *xconfig.GPUPlan, to xconfig.Fallback) []xconfig.Note {
	if to.Step == "" {
		return nil
	}
	g.Fallback = &to
	switch to.Step {
	case xconfig.StepAlone:
		g.Driver, g.Primary = "", false
		return nil
	case xconfig.StepDriver:
		return stand(g, to)
	}
	return nil
}

func stand(g *xconfig.GPUPlan, to xconfig.Fallback) []xconfig.Note {
	i := slices.IndexFunc(g.Ladder, func(r xconfig.Rung) bool { return r.Driver == to.Driver })
	if i < 0 {
		g.Fallback = nil
		return []xconfig.Note{{Subject: "driver", Text: "X driver " + to.Driver + " is the next to be tried, but it cannot be used here now: chosen by itself instead"}}
	}
	g.Ladder = g.Ladder[i:]
	g.Driver = ""
	if to.Driver != autoDriver {
		g.Driver = to.Driver
	}
	return nil
}

// Shows says whether a picture of an X driver is one a person in front of the
// machine can see.
func Shows(driver string) bool { return driver != "dummy" }
