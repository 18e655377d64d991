package kmod

import (
	"slices"
	"strings"
	"testing"

	"attune/detect"
)

const nvidiaGPU = "pci:v000010DEd00001C82sv00001043sd00008613bc03sc00i00"

func TestLadder(t *testing.T) {
	gpus := []string{"nouveau: drm", "drm:", "nvidia:", "nvidia_modeset: nvidia", "nvidia_drm: nvidia_modeset nvidia drm",
		"alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau", "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia"}
	tests := []struct {
		name   string
		tree   []string
		inv    detect.Inventory
		want   string
		failed string // this module fails
		then   string // and these steps follow
	}{{
		name: "nvidia, then nouveau",
		tree: gpus,
		inv:  devices(nvidiaGPU),
		want: "nvidia else nouveau\nnvidia_modeset after nvidia\ndrm\nnvidia_drm after drm nvidia nvidia_modeset\n" +
			"denied nouveau by ladder: nvidia\n",
		failed: "nvidia",
		then:   "nouveau after drm\n",
	}, {
		name: "no nvidia in the image",
		tree: []string{"nouveau:", "alias pci:v000010DE* nouveau"},
		inv:  devices(nvidiaGPU),
		want: "nouveau\n",
	}, {
		name: "nvidia is denied",
		tree: append([]string{"conf blacklist nvidia"}, gpus...),
		inv:  devices(nvidiaGPU),
		want: "drm\nnouveau after drm\ndenied nvidia by blacklist: /etc/modprobe.d/test.conf:1\n",
	}, {
		name: "nouveau is blacklisted too: nothing to fall back on",
		tree: append([]string{"conf blacklist nouveau"}, gpus[0], gpus[1], gpus[2], gpus[5], gpus[6]),
		inv:  devices(nvidiaGPU),
		want: "nvidia else nouveau\ndenied nouveau by ladder: nvidia\n",
		// The denial by the ladder gives way to the one by the blacklist.
		failed: "nvidia",
		then:   "",
	}, {
		name: "nouveau has the GPU already",
		tree: gpus,
		inv: func() detect.Inventory {
			inv := devices(nvidiaGPU)
			inv.Devices[0].Driver = "nouveau"
			inv.Modules = []detect.Module{{Name: "nouveau", InitState: "live"}, {Name: "drm", InitState: "live"}}
			return inv
		}(),
		want: "nvidia\nnvidia_modeset after nvidia\nnvidia_drm after nvidia nvidia_modeset\nloaded nouveau\n",
	}, {
		name:   "wl on Broadcom",
		tree:   []string{"wl:", "bcma:", "brcmsmac:", "alias pci:v*d*sv*sd*bc02sc80i* wl", "alias pci:v000014E4d00004727sv*sd*bc*sc*i* bcma"},
		inv:    devices("pci:v000014E4d00004727sv00001028sd00000010bc02sc80i00"),
		want:   "wl else bcma\ndenied bcma by ladder: Broadcom wl\n",
		failed: "wl",
		then:   "bcma\n",
	}, {
		name: "wl fits other makers' chips as well",
		tree: []string{"wl:", "iwlwifi:", "alias pci:v*d*sv*sd*bc02sc80i* wl", "alias pci:v00008086d* iwlwifi"},
		inv:  devices("pci:v00008086d00002723sv00008086sd00000084bc02sc80i00"),
		want: "iwlwifi\nwl\n",
	}, {
		name: "two Realtek cards: only the one that r8168 drives waits",
		tree: []string{"r8168:", "r8169:", "alias pci:v000010ECd00008168* r8168", "alias pci:v000010ECd0000816* r8169"},
		inv:  devices("pci:v000010ECd00008168sv", "pci:v000010ECd00008169sv"),
		want: "r8168 else r8169\nr8169\ndenied r8169 by ladder: Realtek r8168\n",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pol, _ := DefaultPolicy("")
			p := NewPlanner(tree(t, "", tt.tree...), pol)
			live, _ := LoadedModules(tt.inv)
			for _, m := range live {
				p.live[m] = true
			}
			for _, d := range tt.inv.Devices {
				p.Devices(d)
			}
			got := show(p.Plan())
			if sorted(got) != sorted(tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if tt.failed == "" {
				return
			}
			if w := p.Waiting(tt.failed); !slices.Equal(w, []string{tt.inv.Devices[0].Path}) {
				t.Errorf("waiting for %s: %v", tt.failed, w)
			}
			var then strings.Builder
			for _, s := range p.Fallback(tt.failed, "no such device") {
				then.WriteString(showStep(s) + "\n")
				if w := s.Why[0]; w.Table != "ladder" || !strings.Contains(w.Note, "no such device") || w.Alias == "" {
					t.Errorf("%s does not say why: %+v", s.Module, w)
				}
			}
			if then.String() != tt.then {
				t.Errorf("then\n%s\nwant\n%s", then.String(), tt.then)
			}
			if strings.Contains(show(p.Plan()), "by ladder") {
				t.Errorf("still held back: %s", show(p.Plan()))
			}
			if again := p.Fallback(tt.failed, "no such device"); len(again) > 0 {
				t.Errorf("a second time: %v", again)
			}
		})
	}
}

func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// One card is driven, the other is not: only that one gets the second driver.
func TestFallbackOfOneDevice(t *testing.T) {
	pol, _ := DefaultPolicy("")
	p := NewPlanner(tree(t, "", "r8168:", "r8169:", "alias pci:v000010EC* r8168", "alias pci:v000010EC* r8169"), pol)
	a, b := device(0, "pci:v000010ECd1"), device(1, "pci:v000010ECd2")
	p.Devices(a, b)
	if steps := p.Fallback("r8168", "did not bind", "devices/other"); len(steps) != 0 {
		t.Errorf("steps for a device nobody knows: %v", steps)
	}
	steps := p.Fallback("r8168", "did not bind", b.Path)
	if len(steps) != 1 || steps[0].Module != "r8169" || steps[0].Why[0].Device != b.Path {
		t.Errorf("steps %+v", steps)
	}
	if w := p.Waiting("r8168"); !slices.Equal(w, []string{a.Path}) {
		t.Errorf("waiting %v", w)
	}
}

// A driver that was in the kernel before the plan has no step and no load of
// its own: its devices must be found nevertheless.
func TestHolding(t *testing.T) {
	pol, _ := DefaultPolicy("")
	pol.Loaded = []string{"wl"}
	p := NewPlanner(tree(t, "", "wl:", "bcma:", "r8168:", "r8169:", "alias pci:v000014E4* wl", "alias pci:v000014E4* bcma",
		"alias pci:v000010EC* r8168", "alias pci:v000010EC* r8169"), pol)
	if got := p.Holding(); got != nil {
		t.Errorf("before any device: %v", got)
	}
	p.Devices(device(0, "pci:v000014E4d00004727sv00001028sd00000010bc02sc80i00"), device(1, "pci:v000010ECd1"))
	if got, want := p.Holding(), []string{"r8168", "wl"}; !slices.Equal(got, want) {
		t.Errorf("holding %v, want %v", got, want)
	}
	if steps := p.Fallback("wl", "it did not take the device"); len(steps) != 1 || steps[0].Module != "bcma" {
		t.Errorf("steps %v", steps)
	}
	if got, want := p.Holding(), []string{"r8168"}; !slices.Equal(got, want) {
		t.Errorf("afterwards holding %v, want %v", got, want)
	}
}
