package edid

// Audio is one short audio descriptor. CTA-861-H §7.5.2.
type Audio struct {
	Format   AudioFormat `json:"format"`
	Channels int         `json:"channels"`
	Rates    uint8       `json:"rates"`  // bits 0 to 6: 32, 44.1, 48, 88.2, 96, 176.4 and 192 kHz
	Detail   uint8       `json:"detail"` // the third byte, as the format has it: PCM bits 0 to 2: 16, 20, 24 bits
}

// AudioFormat is a coding of sound; codes from 16 on are the extended ones,
// their own code plus 15.
type AudioFormat uint8

// PCM is the one format every audio display has.
const PCM AudioFormat = 1

var audioNames = [...]string{"", "LPCM", "AC-3", "MPEG-1", "MP3", "MPEG-2", "AAC", "DTS", "ATRAC", "DSD", "E-AC-3",
	"DTS-HD", "MLP", "DST", "WMA-Pro", "", "", "", "", "MPEG-4 HE AAC", "MPEG-4 HE AAC v2", "MPEG-4 AAC LC", "DRA",
	"MPEG-4 HE AAC + surround", "", "MPEG-4 AAC LC + surround", "MPEG-H 3D", "AC-4", "L-PCM 3D"}

func (f AudioFormat) String() string { return nameOf(audioNames[:], int(f)) }

// MarshalText gives the name.
func (f AudioFormat) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Speakers are the three bytes of the speaker allocation data block, the first
// in the low byte. CTA-861-H §7.5.3.
type Speakers uint32
