package edid

// Microsoft is its vendor specific data block, OUI CA-12-5C, for headsets and
// special displays.
type Microsoft struct {
	Version    int   `json:"version"`
	Desktop    bool  `json:"desktop,omitempty"` // version 3: an ordinary desktop may be shown
	ThirdParty bool  `json:"third_party,omitempty"`
	UseCase    uint8 `json:"use_case,omitempty"`  // 7 a VR headset, 8 AR
	Container  Bytes `json:"container,omitempty"` // container ID, 16 bytes
}

func parseMicrosoft(x []byte) *Microsoft {
	return &Microsoft{
		Version: int(x[0]), Desktop: x[1]&0x40 != 0, ThirdParty: x[1]&0x20 != 0,
		UseCase: x[1] & 0x1f, Container: Bytes(x[2:18]),
	}
}
