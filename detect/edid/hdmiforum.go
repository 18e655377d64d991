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
	AllBPP        bool `json:"all_bpp,omitempty"` // any sixteenth of a bit per pixel
	Native420     bool `json:"native_420,omitempty"`
	BPC10         bool `json:"10_bpc,omitempty"`
	BPC12         bool `json:"12_bpc,omitempty"`
	BPC16         bool `json:"16_bpc,omitempty"`
	MaxSlices     int  `json:"max_slices"`
	SliceClock    int  `json:"slice_clock_mhz"`
	MaxFRL        int  `json:"max_frl"`
	MaxChunkBytes int  `json:"max_chunk_bytes"` // of a line
}

// parseHDMIForum reads what follows the OUI, or the reserved bytes of the sink
// capability block. Displays of HDMI 2.0 end it after four bytes, others anywhere,
// some within those.
func (c *CTA) parseHDMIForum(x []byte) bool {
	if len(x) < 3 || c.HDMIForum != nil {
		return len(x) >= 3
	}
	f := new(HDMIForum)
	c.HDMIForum = f
	f.Version, f.MaxTMDSClock = int(x[0]), int(x[1])*5
	f.SCDC, f.ReadRequest, f.CableStatus, f.CCBPCI = x[2]&0x80 != 0, x[2]&0x40 != 0, x[2]&0x20 != 0, x[2]&0x10 != 0
	f.Scramble340, f.Independent3D, f.Dual3D, f.OSD3D = x[2]&8 != 0, x[2]&4 != 0, x[2]&2 != 0, x[2]&1 != 0
	if len(x) > 3 {
		f.MaxFRL, f.UHDVIC = int(x[3]>>4), x[3]&8 != 0
		f.DC48in420, f.DC36in420, f.DC30in420 = x[3]&4 != 0, x[3]&2 != 0, x[3]&1 != 0
	}
	if len(x) > 4 {
		f.FAPAEndExtended, f.QMS, f.MDelta, f.CinemaVRR = x[4]&0x80 != 0, x[4]&0x40 != 0, x[4]&0x20 != 0, x[4]&0x10 != 0
		f.NegativeMVRR, f.FVA, f.ALLM, f.FAPAStart = x[4]&8 != 0, x[4]&4 != 0, x[4]&2 != 0, x[4]&1 != 0
	}
	if len(x) > 5 {
		f.VRRMin = int(x[5] & 0x3f)
	}
	if len(x) > 6 {
		f.VRRMax = int(x[5]&0xc0)<<2 | int(x[6])
	}
	if len(x) > 7 {
		f.QMSMax, f.QMSMin = x[7]&0x20 != 0, x[7]&0x10 != 0
	}
	if len(x) > 9 && x[7]&0x80 != 0 {
		f.DSC = readDSC(x[7:10])
	}
	return true
}

var dscSlices = [16]struct{ slices, clock int }{{}, {1, 340}, {2, 340}, {4, 340}, {8, 340}, {8, 400}, {12, 400}, {16, 400}}

func readDSC(x []byte) *DSC {
	s := dscSlices[x[1]&0xf]
	d := &DSC{
		Native420: x[0]&0x40 != 0, AllBPP: x[0]&8 != 0, BPC16: x[0]&4 != 0, BPC12: x[0]&2 != 0, BPC10: x[0]&1 != 0,
		MaxSlices: s.slices, SliceClock: s.clock, MaxFRL: int(x[1] >> 4),
	}
	if chunk := x[2] & 0x3f; chunk != 0 {
		d.MaxChunkBytes = 1024 * (1 + int(chunk))
	}
	return d
}
