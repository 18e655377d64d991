package load

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

func TestDecompress(t *testing.T) {
	for _, format := range []string{"xz", "zstd", "gzip"} {
		t.Run(format, func(t *testing.T) {
			packed := pack(t, format, plainModule)
			if got := formatOf(packed); got != format {
				t.Fatalf("looks like %q", got)
			}
			var out bytes.Buffer
			if _, err := decompress(&out, bytes.NewReader(packed), format, 1<<20); err != nil || !bytes.Equal(out.Bytes(), plainModule) {
				t.Errorf("error %v, %d bytes", err, out.Len())
			}
			for _, cut := range []int{5, 12, 20, len(packed) / 2, len(packed) - 1} {
				if _, err := decompress(io.Discard, bytes.NewReader(packed[:cut]), format, 1<<20); err == nil {
					t.Errorf("cut to %d of %d bytes: no error", cut, len(packed))
				}
			}
			limit := int64(len(plainModule))
			if _, err := decompress(io.Discard, bytes.NewReader(packed), format, limit); err != nil {
				t.Errorf("as large as may be: %v", err)
			}
			if n, err := decompress(io.Discard, bytes.NewReader(packed), format, limit-1); !errors.Is(err, ErrTooBig) || n > limit {
				t.Errorf("a byte too large: %d bytes, error %v", n, err)
			}
		})
	}
}

func TestXZWindow(t *testing.T) {
	packed := pack(t, "xz", plainModule)
	at := bytes.Index(packed, []byte{0x21, 0x01})
	packed[at+2] = 40 // 4 GiB - 1
	if _, err := decompress(io.Discard, bytes.NewReader(packed), "xz", 1<<20); !errors.Is(err, ErrTooBig) {
		t.Errorf("a window of 4 GiB: %v", err)
	}
}

func FuzzDecompress(f *testing.F) {
	small := []byte("\x7fELF module module module module")
	for _, format := range []string{"xz", "zstd", "gzip"} {
		packed := pack(f, format, small)
		f.Add(packed)
		f.Add(packed[:len(packed)-3])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 16
		if format := formatOf(data); format != "" {
			if n, err := decompress(io.Discard, bytes.NewReader(data), format, limit); n > limit+1 || err == nil && n > limit {
				t.Errorf("%d bytes past a limit of %d", n, limit)
			}
		}
	})
}

// What decompressing takes depends on the window and not on the module.
func TestDecompressMemory(t *testing.T) {
	for _, tt := range []struct {
		format    string
		size, may int
	}{{"xz", 4 << 20, 3 << 20}, {"zstd", 20 << 20, 12 << 20}, {"gzip", 20 << 20, 1 << 20}} {
		t.Run(tt.format, func(t *testing.T) {
			packed := pack(t, tt.format, mixed(tt.size))
			mem, err := memfd("big")
			if err != nil {
				t.Fatal(err)
			}
			defer mem.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			n, err := decompress(mem, bytes.NewReader(packed), tt.format, DefaultMaxImage)
			runtime.ReadMemStats(&after)
			if err != nil || n != int64(tt.size) {
				t.Fatalf("%d bytes, error %v", n, err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(tt.may) {
				t.Errorf("took %d kB for %d kB", took>>10, tt.size>>10)
			}
		})
	}
}

// mixed is bytes of which some do not compress.
func mixed(size int) []byte {
	data := make([]byte, size)
	rnd := rand.NewChaCha8([32]byte{1})
	for i := 0; i+100 < size; i += 64 << 10 {
		rnd.Read(data[i : i+100])
	}
	return data
}
