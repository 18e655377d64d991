package edid

// HDMIForum is the vendor specific data block of HDMI Forum, OUI C4-5D-D8, or
// its sink capability data block, which says the same. HDMI 2.1b §10.3.
type HDMIForum struct {
	Version       int  `json:"version"`
	MaxTMDSClock  int  `json:"max_tmds_mhz,omitempty"` // 0: no more than 340 MHz
	SCDC          bool `json:"scdc,omitempty"`
	ReadRequest   bool `json:"read_request,omitempty"`
	CableStatus   bool `json:"cable_status,omitempty"`
	CCBPCI        bool `json:"ccbpci,omitempty"`
	Scramble340   bool `json:"scramble_340,omitempty"` // scrambling at or below 340 Mcsc
	Independent3D bool `json:"independent_view,omitempty"`
	Dual3D        bool `json:"dual_view,omitempty"`
	OSD3D         bool `json:"osd_disparity,omitempty"`
	MaxFRL        int  `json:"max_frl,omitempty"` // code: 1 3x3, 2 3x6, 3 4x6, 4 4x8, 5 4x10, 6 4x12 Gbit/s
	UHDVIC        bool `json:"uhd_vic,omitempty"`
	DC48in420     bool `json:"dc_48_420,omitempty"`
	DC36in420     bool `json:"dc_36_420,omitempty"`
	DC30in420     bool `json:"dc_30_420,omitempty"`

	FAPAEndExtended bool `json:"fapa_end_extended,omitempty"`
	QMS             bool `json:"qms,omitempty"`
	MDelta          bool `json:"m_delta,omitempty"`
	CinemaVRR       bool `json:"cinema_vrr,omitempty"`
	NegativeMVRR    bool `json:"neg_m_vrr,omitempty"`
	FVA             bool `json:"fva,omitempty"`
	ALLM            bool `json:"allm,omitempty"`
	FAPAStart       bool `json:"fapa_start,omitempty"`
	QMSMin          bool `json:"qms_tfr_min,omitempty"`
	QMSMax          bool `json:"qms_tfr_max,omitempty"`
	VRRMin          int  `json:"vrr_min_hz,omitempty"`
	VRRMax          int  `json:"vrr_max_hz,omitempty"` // 0 with a VRRMin: as fast as the format

	DSC *DSC `json:"dsc,omitempty"`
}

// DSC is what an HDMI display says of compressed pictures.
type DSC struct {
	AllBPC        bool `json:"all_bpc,omitempty"`
	Native420     bool `json:"native_420,omitempty"`
	BPC10         bool `json:"10_bpc,omitempty"`
	BPC12         bool `json:"12_bpc,omitempty"`
	BPC16         bool `json:"16_bpc,omitempty"`
	MaxSlices     int  `json:"max_slices"`
	SliceClock    int  `json:"slice_clock_mhz"`
	MaxFRL        int  `json:"max_frl"`
	MaxChunkBytes int  `json:"max_chunk_bytes"` // of a line
}

// Microsoft is its vendor specific data block, OUI CA-12-5C, for headsets and
// special displays.
type Microsoft struct {
	Version    int    `json:"version"`
	Desktop    bool   `json:"desktop,omitempty"` // version 3: an ordinary desktop may be shown
	ThirdParty bool   `json:"third_party,omitempty"`
	UseCase    uint8  `json:"use_case,omitempty"`  // 7 a VR headset, 8 AR
	Container  string `json:"container,omitempty"` // container ID, 16 bytes as hexadecimal
}
