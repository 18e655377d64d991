package edid

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestJSON: numbers and names, and no base64 anywhere.
func TestJSON(t *testing.T) {
	e := sound(t, with(base(), ctaExt([][]byte{
		block(2, 16|0x80), block(7, 13, 129, 16), block(4, 1, 0, 0), block(7, 5, 0xe0, 0),
		block(3, 0x03, 0x0c, 0, 0x21, 0x30, 0, 60, 0x20, 0, 0x40, 1, 3), block(3, 0x1a, 0, 0, 9, 8),
		block(1, 0x0f, 0x07, 0x07),
	}), displayIDExt(0x20, 5, did(0x26, 0, 6, 2, 1, 1, 0, 0, 0, 0, 0))))
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"vendor":"DEL"`, `"digital_input":{"bit_depth":8,"interface":"DisplayPort"}`,
		`"width":1920,"height":1080,"hz":60,"clock_hz":148500000,"h":{"front":88,"sync":44,"back":148,"positive":true}`,
		`"video":[{"vic":16,"native":true}]`, `"preferred":["DTD 1","VIC 16"]`, `"speakers":["FL/FR"]`,
		`"colorimetry":["BT2020cYCC","BT2020YCC","BT2020RGB"]`, `"address":"2.1.3.0"`, `"vics":[1,3]`,
		`"oui":"00-00-1A","data":"0908"`, `"format":"LPCM","channels":8,"rates":[32,44.1,48]`,
		`"kind":"gaming"`, `"rgb_depths":[8,10],"ycbcr444_depths":[8],"ycbcr422_depths":[8],"ycbcr420_depths":[8]`,
		`{"name":"video-format-preference","tag":"7/13","block":1,"offset":6,"length":3}`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}
