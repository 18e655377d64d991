package gpu_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"attune/detect"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/files"
	"attune/xconfig/gpu"
)

func gpuFixtures(t testing.TB) map[string]*txtar.Archive {
	t.Helper()
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) < 25 {
		t.Fatalf("only %d machines in testdata", len(files))
	}
	all := make(map[string]*txtar.Archive, len(files))
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = a
	}
	return all
}

// TestGPUFixtures holds the plan and the files X gets against what each machine's
// fixture says. GOLDEN=1 writes them anew; read the diff.
func TestGPUFixtures(t *testing.T) {
	for file, a := range gpuFixtures(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			fx := readGPUFixture(t, a)
			got := fx.outcome()
			if os.Getenv("GOLDEN") != "" {
				a.Files = append(slices.DeleteFunc(a.Files, isOutcome), got...)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := slices.DeleteFunc(slices.Clone(a.Files), func(f txtar.File) bool { return !isOutcome(f) })
			if diff := cmp.Diff(texts(want), texts(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func isOutcome(f txtar.File) bool { return f.Name == "want" || strings.HasSuffix(f.Name, ".conf") }

func texts(files []txtar.File) map[string]string {
	m := map[string]string{}
	for _, f := range files {
		m[f.Name] = string(f.Data)
	}
	return m
}

// outcome is the plan, and the files for X about cards and displays.
func (fx gpuFixture) outcome() []txtar.File {
	plan := display.Plan(fx.facts, fx.prefs)
	out := []txtar.File{{Name: "want", Data: []byte(fx.want())}}
	list, _ := files.For(plan, xconfig.InputPlan{}, fx.facts.Image)
	for _, f := range list {
		if f.Dir == xconfig.DirXorg {
			out = append(out, txtar.File{Name: f.Name, Data: f.Data})
		}
	}
	return out
}

// TestGPUAlways holds for every machine, whatever order its facts come in and
// however its cards are numbered: the same plan, no passed-through card, no
// driver the image does not have.
func TestGPUAlways(t *testing.T) {
	wishes := []xconfig.Preferences{{}, {GPU: "discrete"}, {GPU: "integrated"}, {GPU: "external"}, {GPU: "pci-0000:01:00.0"}, {GPU: "PCI-0000:00:02.0"},
		{Driver: "failsafe"}, {Driver: "nvidia"}, {Driver: "fbdev"}, {Driver: "vesa"}, {Headless: "1280x1024"}}
	for file, a := range gpuFixtures(t) {
		fx := readGPUFixture(t, a)
		for seed, p := range wishes {
			for _, im := range []xconfig.Image{fx.facts.Image, {}, {XServer: "/usr/bin/X", Drivers: []string{"fbdev"}}, {XServer: "/usr/bin/X", Drivers: []string{"dummy", "modesetting", "nvidia"}}} {
				f := fx.facts
				f.Image = im
				plan, notes := gpu.Plan(f, p)
				sane(t, file, f, plan)
				again, notesAgain := gpu.Plan(shuffled(f, uint64(seed)), p)
				if diff := cmp.Diff([]any{plan, notes}, []any{again, notesAgain}); diff != "" {
					t.Errorf("%s, %+v: the order of the facts changes the plan:\n%s", file, p, diff)
				}
			}
		}
	}
}

func sane(t *testing.T, file string, f xconfig.Facts, plan xconfig.GPUPlan) {
	t.Helper()
	for _, d := range f.Machine.Devices {
		if d.Path == plan.Device && gpu.IsPassedThrough(d.Driver) {
			t.Errorf("%s: %s is passed through", file, plan.Device)
		}
	}
	drivers := []string{plan.Driver}
	for _, r := range plan.Ladder {
		drivers = append(drivers, r.Driver)
	}
	for _, d := range drivers {
		if d != "" && d != gpu.AutoDriver && !slices.Contains(f.Image.Drivers, d) {
			t.Errorf("%s: X driver %s is not in the image", file, d)
		}
	}
	if plan.Why == "" || plan.Kind == "" {
		t.Errorf("%s: %+v", file, plan)
	}
	if plan.Driver != "" && (len(plan.Ladder) == 0 || plan.Ladder[0].Driver != plan.Driver) {
		t.Errorf("%s: the ladder does not begin with what is planned: %+v", file, plan)
	}
	for _, id := range plan.Offload {
		if id == plan.Card || !slices.ContainsFunc(f.Graphics.Cards, func(c detect.Card) bool { return c.ID == id }) {
			t.Errorf("%s: offload to %s", file, id)
		}
	}
}

// shuffled is the same machine read in another order and numbered otherwise.
func shuffled(f xconfig.Facts, seed uint64) xconfig.Facts {
	r := rand.New(rand.NewPCG(seed, 7))
	f.Machine.Devices = slices.Clone(f.Machine.Devices)
	f.Graphics.Cards = slices.Clone(f.Graphics.Cards)
	r.Shuffle(len(f.Machine.Devices), func(i, j int) {
		d := f.Machine.Devices
		d[i], d[j] = d[j], d[i]
	})
	r.Shuffle(len(f.Graphics.Cards), func(i, j int) {
		c := f.Graphics.Cards
		c[i], c[j] = c[j], c[i]
	})
	for i := range f.Graphics.Cards {
		f.Graphics.Cards[i].Node = "dri/card" + string(rune('0'+len(f.Graphics.Cards)-i))
	}
	return f
}
