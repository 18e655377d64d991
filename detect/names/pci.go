package names

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"attune/detect"

	"github.com/jaypipes/ghw"
	"github.com/jaypipes/pcidb"
	"golang.org/x/sys/unix"
)

// pciFiles is where distributions keep pci.ids.
var pciFiles = []string{
	"usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids",
	"usr/share/hwdata/pci.ids.gz", "usr/share/misc/pci.ids.gz",
}

// pciNames asks ghw about one device at a time. ghw's own listing of the bus
// is not used: one odd device empties it.
type pciNames struct {
	info *ghw.PCIInfo
}

func (db *DB) ofPCI(d detect.Device) Name {
	db.pciOnce.Do(func() { db.pci = openPCI(db.read(pciFiles)) })
	if db.pci == nil {
		return Name{}
	}
	return db.pci.of(d)
}

// openPCI gives nil when there is no usable database.
func openPCI(name string, data []byte) *pciNames {
	if strings.HasSuffix(name, ".gz") {
		data = gunzip(data)
	}
	if len(data) == 0 || len(data) > maxDB {
		return nil
	}
	ids, err := parsePCI(data)
	if err != nil {
		return nil
	}
	info, err := ghw.PCI(
		ghw.WithPCIDB(ids),        // else it parses all of pci.ids on every call
		ghw.WithDisableTopology(), // else it walks the NUMA nodes
		ghw.WithChroot("/nonexistent"),
		ghw.WithLogger(slog.New(slog.DiscardHandler)), // else it warns on stderr whatever else is set
	)
	if err != nil {
		return nil
	}
	return &pciNames{info}
}

// parsePCI hands the database to pcidb, which takes a path and nothing else:
// the path of a file in memory, so that a database from a capture or another
// root works like the machine's own.
func parsePCI(data []byte) (db *pcidb.PCIDB, err error) {
	fd, err := unix.MemfdCreate("pci.ids", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("making room for pci.ids: %w", err)
	}
	f := os.NewFile(uintptr(fd), "pci.ids")
	defer f.Close()
	if _, err := f.Write(wellFormed(data)); err != nil {
		return nil, fmt.Errorf("copying pci.ids: %w", err)
	}
	return pcidb.New(pcidb.WithPath(fmt.Sprintf("/proc/self/fd/%d", fd)))
}

// wellFormed keeps the lines pcidb can take. It cuts fields out of lines
// without looking at their length, so a short line would end the program, and
// one of more than 64 KiB would end its reading.
func wellFormed(data []byte) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	class, owner := false, false
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		// It counts runes, so a broken UTF-8 sequence shifts nothing but the name.
		text := strings.ToValidUTF8(string(line), "?")
		var least int
		switch {
		case text == "" || text[0] == '#' || len(text) > 4096:
			continue
		case text[0] == 'C':
			class, owner, least = true, true, len("C 02  x")
		case text[0] != '\t':
			class, owner, least = false, true, len("8086  x")
		case !owner: // belongs to nobody
			continue
		case strings.HasPrefix(text, "\t\t") && class:
			least = len("\t\t00  x")
		case strings.HasPrefix(text, "\t\t"):
			least = len("\t\t0e11 4091  x")
		case class:
			least = len("\t00  x")
		default:
			least = len("\t0002  x")
		}
		if len([]rune(text)) < least {
			if text[0] != '\t' {
				owner = false
			}
			continue
		}
		out.WriteString(text)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func gunzip(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, maxDB+1))
	if err != nil {
		return nil
	}
	return out
}

// of builds the alias ghw wants (exactly 53 bytes, whatever the device's own
// is like) out of the device's numbers.
func (p *pciNames) of(d detect.Device) Name {
	alias := fmt.Sprintf("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", d.Vendor, d.Product,
		d.SubVendor, d.SubDevice, d.Class>>16&0xff, d.Class>>8&0xff, d.Class&0xff)
	dev := p.info.ParseDevice("", alias)
	if dev == nil {
		return Name{}
	}
	n := Name{Vendor: known(dev.Vendor.Name), Device: known(dev.Product.Name), Subsystem: known(dev.Subsystem.Name)}
	if n.Class = known(dev.Subclass.Name); n.Class == "" {
		n.Class = known(dev.Class.Name)
	}
	return n
}

// known turns ghw's word for "not in the database" into nothing.
func known(s string) string {
	if s == "unknown" {
		return ""
	}
	return clean(s)
}
