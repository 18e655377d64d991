package job

// A DRMMode is one mode as DRM_IOCTL_MODE_GETCONNECTOR gives it: struct
// drm_mode_modeinfo of the kernel's drm_mode.h.
type DRMMode struct {
	Clock                                         uint32 // kHz
	HDisplay, HSyncStart, HSyncEnd, HTotal, HSkew uint16
	VDisplay, VSyncStart, VSyncEnd, VTotal, VScan uint16
	VRefresh, Flags, Type                         uint32
	Name                                          [32]byte
}

// The flags and types of DRMMode which matter here.
const (
	ModePHSync    = 1 << 0
	ModePVSync    = 1 << 2
	ModeInterlace = 1 << 4
	Mode3D        = 31 << 14
	ModeAspect    = 19     // four bits from here on: 1 4:3, 2 16:9, 3 64:27, 4 256:135
	ModePreferred = 1 << 3 // of Type
)

// Shown is what the kernel made of one EDID.
type Shown struct {
	EDID  []byte `json:"edid"`  // as the connector has it; another one where it refused ours
	Modes []byte `json:"modes"` // DRMMode after DRMMode, in its order
	// Rejected is what the kernel logged of modes the driver would not have.
	Rejected []string `json:"rejected,omitempty"`
	Err      string   `json:"err,omitempty"`
}
