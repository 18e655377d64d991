package fingerprint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"attune/internal/state"
)

// cacheDir is below the state directory.
const cacheDir = "cache"

// ErrDamaged is of something kept that is not as it was written.
var ErrDamaged = errors.New("what was kept is damaged")

// cached is a file of the cache.
type cached struct {
	Key  Key    `json:"key"`
	Data []byte `json:"data"`
	Sum  string `json:"sum"`
}

// Get is what was kept under a name for this very key; nil when there is
// nothing, or what there is was worked out for something else: changed then says
// for what. It may save work and nothing more: whoever asks has to be able to go on
// without.
func Get(from *state.Files, name string, key Key) (data []byte, changed []string, err error) {
	text, err := from.Read(path.Join(cacheDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("looking for what was worked out before: %w", err)
	}
	c, whole := parse(text)
	if !whole {
		return nil, nil, fmt.Errorf("looking for what was worked out before: %s: %w", name, ErrDamaged)
	}
	if changed := key.Changed(c.Key); len(changed) > 0 {
		return nil, changed, nil
	}
	return c.Data, nil, nil
}

// parse reads a file of the cache; whole says whether it is as it was written.
func parse(text []byte) (c cached, whole bool) {
	err := json.Unmarshal(text, &c)
	return c, err == nil && c.Sum == hash(string(c.Data))
}

// Put keeps something worked out for a key, in the place of whatever was kept
// under that name.
func Put(to *state.Files, name string, key Key, data []byte) error {
	text, err := json.Marshal(cached{key, data, hash(string(data))})
	if err == nil {
		err = to.Commit(path.Join(cacheDir, name), text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("keeping what was worked out: %w", err)
	}
	return nil
}
