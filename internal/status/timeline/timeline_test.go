package timeline

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func names(c Chain) string {
	var all []string
	for _, l := range c {
		all = append(all, l.Name)
	}
	return strings.Join(all, " ")
}

func TestSlowest(t *testing.T) {
	const hub, stick = "devices/pci0/0000:00:14.0", "devices/pci0/0000:00:14.0/usb1/1-1:1.0"
	drives := map[string][]string{"xhci_pci": {hub}, "usb_storage": {stick}}
	for _, c := range []struct {
		name, events, want string
		ms                 int64
	}{
		{"nothing", ``, "", 0},
		{"a scan alone", `{"ms":40,"kind":"scan"}`, "scan", 40},
		{"a load the scan asked for", `{"ms":40,"kind":"scan","steps":["e1000e"]}
{"ms":90,"kind":"load","module":"e1000e","took_ms":50}`, "scan e1000e", 90},
		{"of two loads the slow one", `{"ms":40,"kind":"scan","steps":["a","b"]}
{"ms":60,"kind":"load","module":"a","took_ms":20}
{"ms":90,"kind":"load","module":"b","took_ms":50}`, "scan b", 90},
		{"what a load needs, the last of it", `{"ms":40,"kind":"scan","steps":["a","b","c"]}
{"ms":80,"begin_ms":40,"kind":"load","module":"a","took_ms":40}
{"ms":60,"begin_ms":40,"kind":"load","module":"b","took_ms":20}
{"ms":90,"begin_ms":80,"kind":"load","module":"c","took_ms":10,"waits_on":["a","b"]}`, "scan a c", 90},
		{"a device behind a driver behind a device", `{"ms":10,"kind":"scan","steps":["slow","xhci_pci"]}
{"ms":110,"kind":"load","module":"xhci_pci","took_ms":100}
{"ms":300,"kind":"load","module":"slow","took_ms":290}
{"ms":400,"kind":"device","device":"` + stick + `","steps":["usb_storage"]}
{"ms":450,"kind":"load","module":"usb_storage","took_ms":50}`, "scan xhci_pci 1-1:1.0 usb_storage", 450},
		{"a load that had to wait for its turn", `{"ms":10,"kind":"scan","steps":["a","b"]}
{"ms":500,"begin_ms":10,"kind":"load","module":"a","took_ms":490}
{"ms":520,"begin_ms":501,"kind":"load","module":"b","took_ms":19}`, "scan a b", 520},
		{"a driver after a driver", `{"ms":10,"kind":"scan","steps":["nvidia"]}
{"ms":100,"kind":"load","module":"nvidia","took_ms":90,"err":"no"}
{"ms":101,"kind":"ladder","module":"nvidia","why":"no","steps":["nouveau"]}
{"ms":300,"kind":"load","module":"nouveau","took_ms":199}`, "scan nvidia nvidia nouveau", 300},
		{"a wait, then the desktop", `{"ms":10,"kind":"scan","steps":["gpu","other"]}
{"ms":5000,"begin_ms":0,"kind":"wait","name":"display","took_ms":5000,"waits_on":["gpu"]}
{"ms":4000,"begin_ms":10,"kind":"load","module":"other","took_ms":3990}
{"ms":4995,"begin_ms":3000,"kind":"load","module":"gpu","took_ms":1995}
{"ms":5001,"kind":"ready"}
{"ms":5200,"begin_ms":5002,"kind":"desktop","name":"decide","took_ms":198}`, "scan gpu display ready decide", 5200},
		{"rest", `{"ms":10,"kind":"scan","steps":["a"]}
{"ms":100,"kind":"load","module":"a","took_ms":90}
{"ms":300,"kind":"settled"}`, "scan a settled", 300},
		{"notes and losses lead to nothing", `{"ms":10,"kind":"scan"}
{"ms":900,"kind":"note","why":"x"}
{"ms":950,"kind":"lost"}`, "scan", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Parse([]byte(c.events)).Slowest(drives)
			if names(got) != c.want || got.MS() != c.ms {
				t.Errorf("%q in %d ms, want %q in %d", names(got), got.MS(), c.want, c.ms)
			}
		})
	}
}

// A boot recorded in QEMU: 95 loads on one processor.
func TestRealBoot(t *testing.T) {
	data, err := os.ReadFile("testdata/q35.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	tl := Parse(data)
	if tl.Bad != 0 || tl.UpMS == 0 || len(tl.Took()) < 90 {
		t.Errorf("%d spans, %d bad, up %d", len(tl.Took()), tl.Bad, tl.UpMS)
	}
	slowest, picture := tl.Slowest(nil), tl.To(Ready, nil)
	if slowest[0].Name != "scan" || slowest.MS() != tl.End() || !strings.Contains(names(slowest), "aesni_intel") {
		t.Errorf("slowest: %s, %d of %d ms", names(slowest), slowest.MS(), tl.End())
	}
	if len(picture) < 3 || picture[len(picture)-1].Kind != Ready || picture.MS() >= slowest.MS() {
		t.Errorf("to the picture: %s, %d ms", names(picture), picture.MS())
	}
	for _, c := range []Chain{slowest, picture} {
		for i := 1; i < len(c); i++ {
			if c[i].By == "" || c[i].End < c[i-1].Begin {
				t.Errorf("%+v does not follow from %+v", c[i], c[i-1])
			}
		}
	}
	t.Log(slowest.Text())
}

func TestParse(t *testing.T) {
	tl := Parse([]byte(strings.Join([]string{
		`{"ms":0,"kind":"start","up_ms":2900,"format":1}`,
		`{"ms":5,"kind":"load","module":"x","took_ms":9}`, // took longer than there was time
		`{"ms":5,"begin_ms":7,"kind":"load","module":"y"}`,
		`{"ms":9,"kind":"wait","waits_on":"display"}`,
		`[1]`, `{"ms":-1,"kind":"scan"}`, `{"ms":99999999999,"kind":"scan"}`, `{"ms":1`,
	}, "\n")))
	if tl.UpMS != 2900 || len(tl.Spans) != 3 || tl.Bad != 3 {
		t.Errorf("%+v", tl)
	}
	for _, s := range tl.Spans {
		if s.Begin < 0 || s.Begin > s.End {
			t.Errorf("%+v", s)
		}
	}
}

// FuzzParse: whatever the lines say, the chain is one of them and goes forward.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"ms":10,"kind":"scan","steps":["a"]}` + "\n" + `{"ms":20,"kind":"load","module":"a","took_ms":5}`))
	f.Add([]byte(`{"ms":10,"kind":"ladder","module":"a"}` + "\n" + `{"ms":10,"kind":"load","module":"a","waits_on":["a"]}`))
	f.Add([]byte(`{"ms":10,"begin_ms":0,"kind":"wait","waits_on":"x"}` + "\n" + `{"ms":10,"kind":"desktop","name":"y"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tl := Parse(data)
		if len(tl.Spans) > 200 {
			return
		}
		c := tl.Slowest(nil)
		if len(c) > len(tl.Spans) || c.MS() < 0 || c.MS() > tl.End() {
			t.Error(fmt.Sprint(len(c), c.MS()))
		}
		_ = c.Text()
	})
}

// A cable that comes and goes for days fills the record to its bound, and
// whoever asks how the boot went still has an answer.
func TestManySpans(t *testing.T) {
	var all Timeline
	for i := range int64(maxSpans) {
		all.Spans = append(all.Spans, Span{Kind: Desktop, Name: Desktop, Begin: i, End: i + 1})
	}
	done := make(chan Chain, 1)
	go func() { done <- all.Slowest(nil) }()
	select {
	case c := <-done:
		if len(c) != maxSpans || c.MS() != maxSpans {
			t.Errorf("%d links, %d ms", len(c), c.MS())
		}
	case <-time.After(time.Minute):
		t.Fatal("no answer within a minute")
	}
}
