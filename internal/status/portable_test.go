package status

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

type kept map[string]string

func (k kept) AddFile(name string, data []byte) error { k[name] = string(data); return nil }

// What a recording keeps of a boot tells the same of it, and can be kept again;
// what displays call themselves stays behind.
func TestKeep(t *testing.T) {
	root := booted(map[string]string{
		MachineFile: `{"release":"6.1","cmdline":"secret","settled":true,"took_ns":1500000000,"problems":["odd"],
 "loads":[{"module":"e1000","took_ms":12},{"module":"x","err":"loading x: no"}],"inventory":{"devices":[{"path":"devices/secret"}]},
 "plan":{"steps":[{"module":"e1000","params":"secret","why":[{"device":"devices/pci0000:00/0000:00:03.0"}]}]},
 "findings":[{"id":"display.late","level":"limited","subject":"0000:00:02.0","text":"late"}],
 "desktop":{"displays":{"outputs":[{"connector":"VGA-1","state":"on"}]},"x":"refused","x_why":"line 3","graphics":{"cards":[{"id":"secret","connectors":[{"edid":"c2VjcmV0"}]}]}}}`,
		EventsFile: `{"ms":100,"kind":"scan","steps":["e1000"]}` + "\n" + `{"ms":112,"kind":"load","module":"e1000","took_ms":12}` + "\n",
		LadderFile: `{"format":1,"boot":"secret","applied":"own","facts":{"steps":[{"name":"planned"},{"name":"own"}]},
 "state":{"failed":[{"step":"planned","why":"no screens"}],"good":{"step":"own","files":{"10-x.conf":"c2VjcmV0"}}}}`,
	})
	told := Read(root)
	once, twice := kept{}, kept{}
	if errs := told.Keep(root, once); len(errs) > 0 || len(once) != 3 {
		t.Fatal(errs, once)
	}
	again := fstest.MapFS{}
	for name, text := range once {
		if strings.Contains(text, "secret") || strings.Contains(text, "c2VjcmV0") {
			t.Errorf("%s keeps what it should not:\n%s", name, text)
		}
		again[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if !strings.Contains(once[LadderFile], `"taken": true`) {
		t.Errorf("a ladder that counts for this very machine alone:\n%s", once[LadderFile])
	}
	from := Read(again)
	if errs := from.Keep(again, twice); len(errs) > 0 {
		t.Error(errs)
	}
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Errorf("kept twice (-once +twice):\n%s", diff)
	}
	a, b := Of(Facts{Record: told}), Of(Facts{Record: from})
	a.Boot.Kernel = "" // in its own file
	if diff := cmp.Diff(a.Boot, b.Boot) + cmp.Diff(ids(a), ids(b)) + cmp.Diff(a.Failsafe, b.Failsafe) + cmp.Diff(a.X.Verdict, b.X.Verdict); diff != "" {
		t.Errorf("(-machine +recording):\n%s", diff)
	}
}
