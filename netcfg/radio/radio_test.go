package radio

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/mdlayher/wifi"
)

// answers are a kernel's.
type answers struct {
	phys    []*wifi.PHY
	links   []*wifi.Interface
	region  string
	phyErr  error
	linkErr error
	odd     bool
}

func (a answers) PHYs() ([]*wifi.PHY, error) {
	if a.odd {
		var short []byte
		_ = short[len(a.region)]
	}
	return a.phys, a.phyErr
}

func (a answers) Interfaces() ([]*wifi.Interface, error) { return a.links, a.linkErr }

func (a answers) GetRegulatoryDomain() (*wifi.RegulatoryDomain, error) {
	if a.region == "" {
		return nil, errors.New("no such domain")
	}
	return &wifi.RegulatoryDomain{Region: a.region}, nil
}

func channels(disabled int, mhz ...int) (all []wifi.FrequencyAttrs) {
	for i, f := range mhz {
		all = append(all, wifi.FrequencyAttrs{Frequency: f, Disabled: i < disabled})
	}
	return all
}

func TestRead(t *testing.T) {
	two := []*wifi.PHY{
		{Index: 0, Name: "phy0", SupportedIftypes: []wifi.InterfaceType{wifi.InterfaceTypeStation, wifi.InterfaceTypeAP}, BandAttributes: []wifi.BandAttributes{
			{FrequencyAttributes: channels(1, 2484, 2412, 2417), HTCapabilities: &wifi.HTCapabilities{}},
			{FrequencyAttributes: channels(0, 5180, 5200), HTCapabilities: &wifi.HTCapabilities{}, VHTCapabilities: &wifi.VHTCapabilities{}},
			{}, // 60 GHz has its number though the radio has not
			{FrequencyAttributes: channels(2, 5955, 5975)},
		}},
		{Index: 3, Name: "phy3", BandAttributes: []wifi.BandAttributes{{FrequencyAttributes: channels(0, 58320)}}},
	}
	links := []*wifi.Interface{{Index: 9, PHY: 0}, {Index: 4, PHY: 0}, {Index: 0, PHY: 0}, {Index: 5, PHY: 3}}
	want := []Radio{
		{"phy0", []int{4, 9}, []string{"station", "access point"}, []Band{{"2.4 GHz", 3, 2, "802.11n"}, {"5 GHz", 2, 2, "802.11ac"}, {"6 GHz", 2, 0, ""}}},
		{"phy3", []int{5}, nil, []Band{{"60 GHz", 1, 1, ""}}},
	}
	broken := errors.New("broken")
	without := []Radio{{"phy0", nil, want[0].Modes, want[0].Bands}, {"phy3", nil, nil, want[1].Bands}}
	for name, row := range map[string]struct {
		a    answers
		want Facts
		err  string
	}{
		"two radios":            {answers{phys: two, links: links, region: "DE"}, Facts{want, "DE"}, ""},
		"none":                  {answers{region: "00"}, Facts{nil, "00"}, ""},
		"no country":            {answers{phys: two, links: links}, Facts{want, ""}, ""},
		"domains put together":  {answers{region: "98"}, Facts{}, ""},
		"with an end mark":      {answers{region: "US\x00"}, Facts{nil, "US"}, ""},
		"no country of letters": {answers{region: "<b>"}, Facts{}, ""},
		"radios not told":       {answers{phyErr: broken, region: "DE"}, Facts{nil, "DE"}, "broken"},
		"links not told":        {answers{phys: two, linkErr: broken}, Facts{without, ""}, "broken"},
		"an attribute cut off":  {answers{odd: true, region: "DE"}, Facts{nil, "DE"}, "out of range"},
	} {
		got, err := read(row.a)
		if !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
		if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: error %v, want %q", name, err, row.err)
		}
	}
}

// Whatever kernel the tests run on, that it has no radios is no error.
func TestThisKernel(t *testing.T) {
	f, err := Read()
	if err != nil {
		t.Error(err)
	}
	for _, r := range f.Radios {
		if r.Name == "" {
			t.Errorf("%+v", f)
		}
	}
}
