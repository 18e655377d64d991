package corpus_test

import (
	"bytes"
	"testing"

	"attune/internal/corpus"
)

func TestInputMachines(t *testing.T) {
	all := corpus.InputMachines(t)
	var monitors, edids int
	for _, m := range all {
		for _, o := range m.Monitors {
			monitors++
			if o.EDID == nil {
				continue
			}
			edids++
			if !bytes.HasPrefix(o.EDID, []byte("\x00\xff\xff\xff\xff\xff\xff\x00")) || len(o.EDID)%128 != 0 {
				t.Errorf("%s %s: EDID of %d bytes, % x", m.Name, o.Output, len(o.EDID), o.EDID[:min(8, len(o.EDID))])
			}
		}
	}
	t.Logf("%d machines, %d outputs, %d EDIDs", len(all), monitors, edids)
	if len(all) < 150 || edids < 60 {
		t.Errorf("%d machines with %d EDIDs: the archive has 152 and 79", len(all), edids)
	}
}
