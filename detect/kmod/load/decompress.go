package load

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// ErrTooBig means a module grows past the limit when decompressed: a broken or
// a hostile file.
var ErrTooBig = errors.New("larger than a module may be")

// maxWindow bounds what a decompressor may look back, which is the memory it
// takes. Modules are packed with 1 MiB (xz) and at most 8 MiB (zstd -19).
const maxWindow = 64 << 20

// formatOf tells how a module file is compressed from its first bytes, in the
// words of /sys/module/compression; "" is a plain ELF file. File names lie: a
// .ko.zst which is no zstd exists.
func formatOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "xz"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "gzip"
	}
	return ""
}

// decompress writes the plain module to w, as a stream: what it holds at one
// time is one window, not one module. It gives ErrTooBig after limit bytes.
func decompress(w io.Writer, r io.Reader, format string, limit int64) (int64, error) {
	plain, done, err := decompressor(bufio.NewReaderSize(r, 64<<10), format)
	if err != nil {
		return 0, fmt.Errorf("starting %s: %w", format, err)
	}
	defer done()
	n, err := io.Copy(w, io.LimitReader(plain, limit+1))
	switch {
	case n > limit:
		return n, fmt.Errorf("after %d bytes: %w", limit, ErrTooBig)
	case err != nil:
		return n, fmt.Errorf("reading %s: %w", format, err)
	}
	return n, nil
}

func decompressor(r *bufio.Reader, format string) (io.Reader, func(), error) {
	switch format {
	case "xz":
		if err := checkXZWindow(r); err != nil {
			return nil, nil, err
		}
		// The library takes the larger of this and what the file asks for.
		x, err := xz.ReaderConfig{DictCap: lzma.MinDictCap, SingleStream: true}.NewReader(r)
		return x, func() {}, err
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	case "gzip":
		g, err := gzip.NewReader(r)
		return g, func() {}, err
	}
	return nil, nil, fmt.Errorf("no such compression: %q", format)
}

// checkXZWindow refuses a file whose first block asks for more than maxWindow:
// the library would take it from the heap before it has read anything. All
// else that may be wrong is left for the library to find.
func checkXZWindow(r *bufio.Reader) error {
	const stream = 12 // bytes of stream header before the first block's
	head, err := r.Peek(stream + 1)
	if err != nil {
		return fmt.Errorf("cut off in its header: %w", err)
	}
	size := (int(head[stream]) + 1) * 4
	if head, err = r.Peek(stream + size); err != nil {
		return fmt.Errorf("cut off in its block header: %w", err)
	}
	window, err := lzma.DecodeDictCap(xzWindow(head[stream+1:]))
	if err == nil && window > maxWindow {
		return fmt.Errorf("wants a window of %d MiB: %w", window>>20, ErrTooBig)
	}
	return nil
}

// xzWindow finds the LZMA2 filter's window byte in a block header, from its
// flags on: two optional sizes, then filters of id, length and properties
// (The .xz File Format §3.1). It is 0, the smallest window, when there is none.
func xzWindow(b []byte) byte {
	flags, b := b[0], b[1:]
	for _, has := range []byte{0x40, 0x80} {
		if flags&has != 0 {
			_, b = xzNumber(b)
		}
	}
	for range flags&3 + 1 {
		var id, n uint64
		id, b = xzNumber(b)
		n, b = xzNumber(b)
		if n == 0 || n > uint64(len(b)) {
			return 0
		}
		if id == 0x21 {
			return b[0]
		}
		b = b[n:]
	}
	return 0
}

// xzNumber reads seven bits a byte, lowest first, the top bit meaning more.
func xzNumber(b []byte) (uint64, []byte) {
	n, used := binary.Uvarint(b)
	return n, b[max(used, 0):]
}
