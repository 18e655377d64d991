package vm

import (
	"testing"
)

func imageKernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := ImageKernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// One image on every machine of a table.
func TestImage(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		machine, size string
	}{
		{"x-std", "1600x900"},
	} {
		t.Run(c.machine, func(t *testing.T) {
			t.Parallel()
			x, err := BootImage(t.Context(), ImageGuest{Kernel: imageKernel(t, "trixie"), Machine: machine(t, c.machine)})
			for _, s := range x.Steps {
				t.Logf("%s %s %.1f-%.1f exit %d err %q\n%s%s", s.Do, s.Name, s.Start, s.End, s.Exit, s.Err, s.Stdout, s.Stderr)
				for f, d := range s.Files {
					t.Logf("%s:\n%s", f, d)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			savePictures(t, "image-"+c.machine, x)
		})
	}
}
