package gpu

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attune/xconfig"
)

// chooseGPU takes the GPU that is asked for, or the best.
func chooseGPU(all, usable []gpu, own, wish string) (gpu, string, []xconfig.Note) {
	if g, why, ok := wishedGPU(all, own, wish); ok {
		return g, why, nil
	} else if why != "" {
		g, auto := bestGPU(usable, own)
		return g, auto, []xconfig.Note{{Subject: "gpu", Text: why + ": chosen by itself instead"}}
	}
	g, why := bestGPU(usable, own)
	return g, why, nil
}

// wishedGPU finds what is asked for. Without success the text says why, "" when
// nothing was asked.
func wishedGPU(all []gpu, own, wish string) (gpu, string, bool) {
	wish = strings.ToLower(wish)
	switch wish {
	case "", "auto":
		return gpu{}, "", false
	case "integrated", "discrete", "external":
		of := slices.DeleteFunc(slices.Clone(all), func(g gpu) bool { return string(g.class) != wish || !g.mayLead() })
		if len(of) == 0 {
			return gpu{}, fmt.Sprintf("%s GPU asked for, there is none that can be used", wish), false
		}
		g, _ := bestGPU(of, own)
		return g, wish + " GPU asked for", true
	}
	i := slices.IndexFunc(all, func(g gpu) bool { return strings.ToLower(g.id) == wish })
	if i < 0 {
		return gpu{}, fmt.Sprintf("GPU %q asked for, this machine does not have it", wish), false
	}
	if !all[i].mayLead() {
		return gpu{}, fmt.Sprintf("GPU %q asked for, but %s", wish, all[i].unusable), false
	}
	return all[i], "asked for by its ID", true
}

// mayLead: somebody may ask for it. NVIDIA's driver for X can draw on a GPU
// without outputs what another one shows.
func (g gpu) mayLead() bool { return g.unusable == "" || g.draws && g.xDriver != "" }

// A gpuReason is one thing that makes a GPU the better one.
type gpuReason struct {
	rank func(gpu) int // more is better
	why  func(chosen, other gpu) string
}

// gpuReasons in order: the first that tells two GPUs apart decides.
var gpuReasons = []gpuReason{
	{gpu.standing, whyStanding},
	{func(g gpu) int { return int(g.shows) }, because("a display is connected to it")},
	{gpu.nearness, whyNearness},
	{func(g gpu) int { return oneIf(g.panel) }, because("it has the built-in panel")},
	{func(g gpu) int { return oneIf(g.bootVGA) }, because("the firmware showed its picture there")},
}

func because(why string) func(gpu, gpu) string { return func(gpu, gpu) string { return why } }

func whyStanding(chosen, other gpu) string {
	switch {
	case other.class == classUSB:
		return other.id + " only shows what a GPU draws"
	case other.class == classFirmware:
		return other.id + " is only what the firmware left"
	case other.shows == showsNothing && chosen.shows == showsDisplay:
		return "a display is connected to it and none to " + other.id
	case other.shows == showsNothing:
		return "a display may be connected to it and none is to " + other.id
	}
	return other.id + " has no display device of its own"
}

func whyNearness(_, other gpu) string {
	if other.class == classBMC {
		return other.id + " is there for those who manage the machine from afar"
	}
	return other.id + " may be pulled"
}

// standing puts GPUs which can work as a whole before makeshifts. A picture
// left by the firmware is better than a GPU nothing is connected to.
func (g gpu) standing() int {
	switch {
	case g.card == nil && g.xDriver == "" && g.shows == showsNothing:
		return 0
	case g.class == classUSB:
		return 1 // shows what another GPU draws
	case g.class == classFirmware || g.card == nil && g.xDriver == "":
		return 2 + oneIf(g.shows > showsNothing)
	case g.shows == showsNothing:
		return 2
	}
	return 4
}

// nearness puts what belongs to the machine before what may be pulled, and
// both before the picture for those who manage it from afar.
func (g gpu) nearness() int {
	switch g.class {
	case classBMC:
		return 0
	case classExternal:
		return 1
	}
	return 2
}

// bestGPU is the GPU the gpuReasons prefer; where they are at one, X's own choice,
// then the lower ID.
func bestGPU(usable []gpu, own string) (gpu, string) {
	order := slices.SortedFunc(slices.Values(usable), func(a, b gpu) int {
		for _, r := range gpuReasons {
			if c := cmp.Compare(r.rank(b), r.rank(a)); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(oneIf(b.id == own), oneIf(a.id == own)), strings.Compare(a.id, b.id))
	})
	if len(order) == 1 {
		return order[0], "the only GPU that can be used"
	}
	for _, r := range gpuReasons {
		if r.rank(order[0]) > r.rank(order[1]) {
			return order[0], r.why(order[0], order[1])
		}
	}
	return order[0], "nothing tells the GPUs apart: X's own choice"
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
