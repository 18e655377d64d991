package vm

import (
	"testing"
)

func xkernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := XKernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// savePictures keeps what was shown, and sees that it is not black.
func savePictures(t *testing.T, name string, x XResult) {
	t.Helper()
	for i, p := range x.Pictures {
		file := name
		if i > 0 {
			file += "-" + string(rune('1'+i))
		}
		path, err := p.Save(file)
		if err != nil {
			t.Fatal(err)
		}
		w, h := p.Size()
		t.Logf("%s: %dx%d, %.0f %% lit", path, w, h, 100*p.Lit())
		if p.Lit() < 0.2 {
			t.Errorf("%s is black: %.1f %% lit", path, 100*p.Lit())
		}
	}
}

// X as it is, without a line of configuration.
func TestXAlone(t *testing.T) {
	Available(t)
	k := xkernel(t, "bookworm")
	for _, m := range XMachines {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			x, err := BootX(t.Context(), XGuest{Kernel: k, Machine: m})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range x.Steps {
				t.Logf("%s %s %.2f..%.2f exit %d err %q %s %s", s.Do, s.Name, s.Start, s.End, s.Exit, s.Err, s.Stdout, s.Stderr)
			}
			savePictures(t, "alone-"+m.Name, x)
			t.Logf("%+v", x.Outputs)
		})
	}
}
