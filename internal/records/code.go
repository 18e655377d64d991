package records

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// MaxFile is the longest a record may be, in bytes.
const MaxFile = 64 << 10

// ErrNewer is of a record a later attune wrote, or one of a kind only that one
// knows.
var ErrNewer = errors.New("written by a newer attune")

// Encode is a record as it lies on the disk.
func Encode(r Record) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("encoding a record of %s: %w", r.Kind, err)
	}
	value, err := json.Marshal(r.Value)
	if err != nil {
		return nil, fmt.Errorf("encoding a record of %s: %w", r.Kind, err)
	}
	f := file{r.Version, r.Kind, r.Scope, r.Origin, r.Match, value, ""}
	f.Sum = f.sum()
	data, err := json.MarshalIndent(f, "", "  ")
	if err == nil && len(data) >= MaxFile {
		err = fmt.Errorf("%d bytes: want less than %d", len(data), MaxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("encoding a record of %s: %w", r.Kind, err)
	}
	return append(data, '\n'), nil
}

// Decode reads a record back. ErrNewer tells those that are whole and not for
// us; any other error means that the file is damaged.
func Decode(data []byte) (Record, error) {
	r, err := decode(data)
	if err != nil {
		return Record{}, fmt.Errorf("decoding a record: %w", err)
	}
	return r, nil
}

func decode(data []byte) (Record, error) {
	if len(data) > MaxFile {
		return Record{}, fmt.Errorf("%d bytes: want no more than %d", len(data), MaxFile)
	}
	var head struct {
		Version int    `json:"version"`
		Kind    string `json:"kind"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Record{}, err
	}
	if head.Version > Version {
		return Record{}, fmt.Errorf("version %d: %w", head.Version, ErrNewer)
	}
	var f file
	if err := strict(data, &f); err != nil {
		return Record{}, err
	}
	if f.Sum != "" && f.Sum != f.sum() {
		return Record{}, errors.New("its sum is that of another text; who changes a record by hand takes the sum out")
	}
	k, ok := kindOf(f.Kind)
	if !ok {
		return Record{}, fmt.Errorf("kind %q: %w", f.Kind, ErrNewer)
	}
	r := Record{f.Version, f.Kind, f.Scope, f.Origin, f.Match, k.value()}
	if err := strict(f.Value, r.Value); err != nil {
		return Record{}, fmt.Errorf("value: %w", err)
	}
	return r, r.Check()
}

// strict takes one JSON value, whole, with no field we do not know.
func strict(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows after its end")
	}
	return nil
}

// sum is 16 hex digits over all that is said, however it is indented.
func (f file) sum() string {
	f.Sum = ""
	text, err := json.Marshal(f) // compacts the value
	if err != nil {
		return "" // the value is no JSON, which strict has told
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
