package edid

import (
	"encoding/json"
	"strings"
)

// Audio is one short audio descriptor. CTA-861-H §7.5.2.
type Audio struct {
	Format   AudioFormat `json:"format"`
	Channels uint8       `json:"channels"`
	Level    uint8       `json:"level,omitempty"` // MPEG-H 3D, which has no Channels
	Rates    AudioRates  `json:"rates"`
	Detail   uint8       `json:"detail"` // the third byte, which each format has its own way: of LPCM bits 0 to 2 are 16, 20, 24 bits
}

// AudioFormat is a coding of sound; codes from 16 on are the extended ones,
// their own code plus 15.
type AudioFormat uint8

// LPCM is the one format every audio display has; LPCM3D counts its channels
// in five bits, MPEGH3D has a level instead.
const (
	LPCM    AudioFormat = 1
	MPEGH3D AudioFormat = 15 + 11
	LPCM3D  AudioFormat = 15 + 13
)

var audioNames = [...]string{"", "LPCM", "AC-3", "MPEG-1", "MP3", "MPEG-2", "AAC", "DTS", "ATRAC", "DSD", "E-AC-3",
	"DTS-HD", "MLP", "DST", "WMA-Pro", "", "", "", "", "MPEG-4 HE AAC", "MPEG-4 HE AAC v2", "MPEG-4 AAC LC", "DRA",
	"MPEG-4 HE AAC + surround", "", "MPEG-4 AAC LC + surround", "MPEG-H 3D", "AC-4", "L-PCM 3D"}

func (f AudioFormat) String() string { return nameOf(audioNames[:], int(f)) }

// MarshalText gives the name.
func (f AudioFormat) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// AudioRates are bits, from 0 on: 32, 44.1, 48, 88.2, 96, 176.4 and 192 kHz.
type AudioRates uint8

var audioRates = [...]string{"32", "44.1", "48", "88.2", "96", "176.4", "192"}

// Names are the rates in kHz, "44.1".
func (r AudioRates) Names() []string { return bitNames(audioRates[:], uint(r)&0x7f) }

// MarshalJSON gives the rates in kHz, as numbers.
func (r AudioRates) MarshalJSON() ([]byte, error) {
	return []byte("[" + strings.Join(r.Names(), ",") + "]"), nil
}

// addAudio reads descriptors of three bytes each.
func (c *CTA) addAudio(x []byte) bool {
	for ; len(x) >= 3; x = x[3:] {
		format := AudioFormat(x[0] >> 3 & 0xf)
		if format == 0 {
			continue // reserved
		}
		a := Audio{Format: format, Channels: x[0]&7 + 1, Rates: AudioRates(x[1] & 0x7f), Detail: x[2]}
		if format == 15 {
			a.Format += AudioFormat(x[2] >> 3)
			switch a.Format {
			case LPCM3D:
				a.Channels = (x[1]&0x80>>3 | x[0]&0x80>>4 | x[0]&7) + 1
			case MPEGH3D:
				a.Channels, a.Level = 0, x[0]&7
			}
		}
		c.Audio = append(c.Audio, a)
	}
	return len(x) == 0
}

// Speakers are the three bytes of the speaker allocation data block, the first
// in the low byte. CTA-861-H §7.5.3.
type Speakers uint32

var speakerNames = [...]string{"FL/FR", "LFE1", "FC", "BL/BR", "BC", "FLc/FRc", "RLC/RRC", "FLw/FRw",
	"TpFL/TpFR", "TpC", "TpFC", "LS/RS", "LFE2", "TpBC", "SiL/SiR", "TpSiL/TpSiR",
	"TpBL/TpBR", "BtFC", "BtFL/BtFR", "TpLS/TpRS", "LSd/RSd"}

// Names are CTA's short names of the pairs and single speakers.
func (s Speakers) Names() []string { return bitNames(speakerNames[:], uint(s)) }

// MarshalJSON gives the names.
func (s Speakers) MarshalJSON() ([]byte, error) { return json.Marshal(s.Names()) }

// countSpeakerLocations: two bytes a speaker, and three more with bit 6.
// CTA-861-H §7.5.16.
func (c *CTA) countSpeakerLocations(x []byte) bool {
	for len(x) >= 2 {
		size := 2
		if x[0]&0x40 != 0 {
			size = 5
		}
		if len(x) < size {
			return false
		}
		c.SpeakerLocations++
		x = x[size:]
	}
	return len(x) == 0
}
