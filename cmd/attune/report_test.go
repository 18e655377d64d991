package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/fixtures"
	"attune/internal/status"
)

// booted is a machine with the record of its boot, as captured after it.
const booted = "testdata/report/q35-booted.txtar"

// pageOf is a machine's page.
func pageOf(t *testing.T, root string, more ...string) []byte {
	t.Helper()
	args := append([]string{"report", "--html", "-", "--salt", "s", "--modules", t.TempDir(), "--root", root}, more...)
	page, code := attune(t, args...)
	if code != exitDone && code != exitWarnings || !bytes.HasSuffix(page, []byte("</html>\n")) {
		t.Fatalf("attune report --root %s: exit status %d, %d bytes", root, code, len(page))
	}
	return page
}

// The same machine has the same page, to the byte, and nothing on it leads
// elsewhere.
func TestReportIsOneFile(t *testing.T) {
	for _, root := range append(kept(t, "seats"), booted) {
		t.Run(filepath.Base(root), func(t *testing.T) {
			page := pageOf(t, root)
			if !bytes.Equal(page, pageOf(t, root)) {
				t.Error("two runs differ")
			}
			for _, no := range []string{"href=\"h", "src=", "<script", "<img", "<link", "@import", "url(", "style="} {
				if i := bytes.Index(page, []byte(no)); i >= 0 {
					t.Errorf("%q: ...%s", no, page[max(0, i-60):min(len(page), i+60)])
				}
			}
			if !bytes.Contains(page, []byte("default-src &#39;none&#39;")) {
				t.Error("no Content-Security-Policy")
			}
		})
	}
}

func TestReportOfABoot(t *testing.T) {
	page := string(pageOf(t, booted))
	for _, want := range []string{
		"The slowest chain", "To the picture", "aesni_intel", "at rest after 5.3 s", "95 modules loaded", "Virtual-2", `class="bar load slow"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// hostile is a machine whose makers, devices, settings and records speak HTML.
func hostile(t *testing.T) string {
	t.Helper()
	m := aDesktop(t)
	evil := `</td></style><script>document.title="had"</script><img src=x onerror=alert(1)>` + "\u202e"
	put := func(name, text string) {
		m.Remove(name)
		if err := m.AddFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	put("sys/devices/virtual/dmi/id/sys_vendor", evil+"\n")
	put("sys/devices/virtual/dmi/id/product_name", "</title>"+evil+"\n")
	put("etc/attune/evil.toml", "[keyboard]\nlayout = '"+evil+"'\n'"+evil+"' = 1\n")
	record, err := json.Marshal(map[string]any{
		"settled": true, "took_ns": 1e9, "problems": []string{evil}, "x_pass": map[string]string{"x": "refused", "x_why": evil},
		"loads":    []map[string]string{{"module": evil, "err": "loading " + evil}},
		"findings": []map[string]string{{"id": evil, "level": `x" onclick="alert(1)`, "subject": evil, "text": evil, "do": "`" + evil + "`"}},
		"plan":     map[string]any{"steps": []map[string]any{{"module": evil, "why": []map[string]string{{"device": evil, "note": evil}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	put(status.MachineFile, string(record))
	var events bytes.Buffer
	for _, e := range []map[string]any{
		{"ms": 5, "kind": "scan", "steps": []string{evil}}, {"ms": 900, "kind": "load", "module": evil, "took_ms": 800, "err": evil},
		{"ms": 950, "begin_ms": 900, "kind": evil, "name": evil, "why": evil}, {"ms": 960, "begin_ms": 900, "kind": "wait", "name": evil, "why": evil},
	} {
		line, _ := json.Marshal(e)
		events.Write(append(line, '\n'))
	}
	put(status.EventsFile, events.String())
	file := filepath.Join(t.TempDir(), "hostile.txtar")
	if err := os.WriteFile(file, m.Format("hostile\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestHostileReport(t *testing.T) {
	page := pageOf(t, hostile(t))
	for _, no := range []string{"<script", "<img", "\u202e", ` onclick="`, "<title></title>"} {
		if i := bytes.Index(page, []byte(no)); i >= 0 {
			t.Errorf("%q is on the page: ...%s", no, page[max(0, i-80):min(len(page), i+60)])
		}
	}
	if n := bytes.Count(page, []byte("&lt;script&gt;")); n < 8 {
		t.Errorf("%d of the texts are there as text", n)
	}
	if bytes.Count(page, []byte("</style>")) != 1 {
		t.Error("the style ends more than once")
	}
}

// What tells a machine or its people from others is on no page, wherever it
// stood, and what was replaced is counted.
func TestReportKeepsNothingPrivate(t *testing.T) {
	m := fixtures.New()
	serial, mac, host := "PF3XYZ99Q7", "8c:16:45:a0:b1:c2", "annas-kiste"
	for name, text := range map[string]string{
		"sys/devices/virtual/dmi/id/product_serial":            serial + "\n",
		"sys/devices/virtual/dmi/id/product_name":              "ThinkPad\n",
		"sys/devices/pci0000:00/0000:00:03.0/uevent":           "PCI_CLASS=20000\nPCI_ID=8086:100E\n",
		"sys/devices/pci0000:00/0000:00:03.0/class":            "0x020000\n",
		"sys/devices/pci0000:00/0000:00:03.0/net/eth0/address": mac + "\n",
		"sys/devices/pci0000:00/0000:00:03.0/net/eth0/uevent":  "INTERFACE=eth0\n",
		"sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/uevent":  "DEVTYPE=usb_device\nPRODUCT=46d/c52b/1\n",
		"sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/product": "Anna's Headphones\n",
		"sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/serial":  "HX77A12B34\n",
		"proc/cmdline":              "root=UUID=4c4c4544-0043-3510-8052-b4c04f4d3132 wifi.password=geheim99 ip=10.1.2.3\n",
		"proc/sys/kernel/osrelease": "6.1.0-kiste\n",
		"proc/sys/kernel/hostname":  host + "\n",
		"etc/hostname":              host + "\n",
		status.MachineFile:          `{"took_ns":1,"problems":["` + host + ` at ` + mac + ` has ` + serial + `","Anna's Headphones: HX77A12B34 is in /home/anna/x"],"running":["` + mac + `"]}`,
		status.EventsFile:           `{"ms":9,"kind":"load","module":"x","took_ms":9,"err":"` + serial + ` of ` + mac + `"}` + "\n",
		"etc/attune/site.toml":      "[display]\nprimary = \"serial=" + serial + "\"\n",
	} {
		if err := m.AddFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"sys/devices/pci0000:00/0000:00:03.0/subsystem":          "../../../bus/pci",
		"sys/devices/pci0000:00/0000:00:03.0/net/eth0/subsystem": "../../../../../class/net",
		"sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/subsystem": "../../../../../bus/usb",
		"sys/class/dmi/id": "../../devices/virtual/dmi/id",
	} {
		if err := m.AddLink(name, to); err != nil {
			t.Fatal(err)
		}
	}
	root := t.TempDir()
	extract(t, m, root)
	page := string(pageOf(t, root))
	for _, no := range []string{serial, mac, "8c1645", host, "Anna", "anna", "HX77A12B34", "4c4c4544", "geheim", "10.1.2.3"} {
		if i := strings.Index(page, no); i >= 0 {
			t.Errorf("%q is on the page: ...%s", no, page[max(0, i-80):min(len(page), i+60)])
		}
	}
	if !strings.Contains(page, "someone") || !strings.Contains(page, "values here") {
		t.Error("nothing was replaced: the test looks at nothing")
	}
}

func TestReportUsage(t *testing.T) {
	for _, args := range [][]string{{"report"}, {"report", "--json", "--html", "-"}, {"report", "x", "--html", "-"}} {
		var out, told bytes.Buffer
		if code := run(args, nil, &out, &told); code != exitUsage || out.Len() > 0 || told.Len() == 0 {
			t.Errorf("attune %q: exit status %d, %q, %q", args, code, out.String(), told.String())
		}
	}
}
