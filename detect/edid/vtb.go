package edid

// VTB is the video timing block extension: more timings of the base block's kinds.
type VTB struct {
	Version  int        `json:"version"`
	Detailed []Detailed `json:"detailed,omitempty"`
	CVT      []CVTCode  `json:"cvt,omitempty"`
	Standard []Standard `json:"standard,omitempty"`
}
