package load

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/sys/unix"

	"attune/detect/kmod"
)

// plainModule looks enough like one: formatOf goes by the first bytes.
var plainModule = append([]byte("\x7fELF"), bytes.Repeat([]byte("module text "), 20000)...)

func pack(t testing.TB, format string, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch format {
	case "xz":
		w, err = xz.WriterConfig{DictCap: 1 << 20, CheckSum: xz.CRC32}.NewWriter(&out)
	case "zstd":
		w, err = zstd.NewWriter(&out)
	case "gzip":
		w = gzip.NewWriter(&out)
	default:
		return plain
	}
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A fakeKernel answers as told and remembers what it was asked.
type fakeKernel struct {
	finit []error // one an attempt, the last one for all further
	init  error
	calls []string
	image []byte // what the last call would have loaded
}

func (k *fakeKernel) kernel(t *testing.T) Kernel {
	return Kernel{
		Finit: func(fd int, params string, flags int) error {
			k.calls = append(k.calls, fmt.Sprintf("finit flags=%d %s", flags, params))
			k.image = readFD(t, fd)
			if len(k.finit) == 0 {
				return nil
			}
			err := k.finit[0]
			if len(k.finit) > 1 {
				k.finit = k.finit[1:]
			}
			return err
		},
		Init: func(image []byte, params string) error {
			k.calls = append(k.calls, "init "+params)
			k.image = bytes.Clone(image)
			return k.init
		},
		Memfd: memfd,
		Run: func(script string, args, env []string) error {
			k.calls = append(k.calls, fmt.Sprintf("run %s %q %q", script, args, env))
			return nil
		},
	}
}

func readFD(t *testing.T, fd int) []byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestInsert(t *testing.T) {
	eperm := []error{unix.EPERM}
	tests := []struct {
		name    string
		pack    string // how the file is packed
		facts   KernelFacts
		kernel  fakeKernel
		install string
		params  string
		limit   int64
		calls   []string
		how     How
		tries   int
		reason  Reason // of the error, "" for none
	}{
		{name: "plain", params: "debug=1", calls: []string{"finit flags=0 debug=1"}, how: Direct},
		{name: "kernel unpacks xz", pack: "xz", facts: KernelFacts{Compression: "xz"}, calls: []string{"finit flags=4 "}, how: Compressed},
		{name: "kernel unpacks only zstd, file is xz", pack: "xz", facts: KernelFacts{Compression: "zstd"},
			calls: []string{"finit flags=0 "}, how: Unpacked},
		{name: "we unpack xz", pack: "xz", calls: []string{"finit flags=0 "}, how: Unpacked},
		{name: "we unpack zstd", pack: "zstd", calls: []string{"finit flags=0 "}, how: Unpacked},
		{name: "we unpack gzip", pack: "gzip", params: `name="a b"`, calls: []string{`finit flags=0 name="a b"`}, how: Unpacked},
		{name: "kernel says it unpacks and does not", pack: "xz", facts: KernelFacts{Compression: "xz"},
			kernel: fakeKernel{finit: []error{unix.EOPNOTSUPP, nil}}, calls: []string{"finit flags=4 ", "finit flags=0 "}, how: Unpacked},
		{name: "no finit_module", kernel: fakeKernel{finit: []error{unix.ENOSYS}}, calls: []string{"finit flags=0 ", "init "}, how: Image},
		{name: "no finit_module, packed", pack: "gzip", kernel: fakeKernel{finit: []error{unix.ENOSYS}},
			calls: []string{"finit flags=0 ", "init "}, how: Image},
		{name: "memory files refused", pack: "zstd", kernel: fakeKernel{finit: []error{unix.EACCES}},
			calls: []string{"finit flags=0 ", "init "}, how: Image},
		{name: "no modules at all", kernel: fakeKernel{finit: []error{unix.ENOSYS}, init: unix.ENOSYS},
			calls: []string{"finit flags=0 ", "init "}, how: Image, reason: NoModules},
		{name: "there already", kernel: fakeKernel{finit: []error{unix.EEXIST}}, calls: []string{"finit flags=0 "}, how: Already},
		{name: "no device", kernel: fakeKernel{finit: []error{unix.ENODEV}}, calls: []string{"finit flags=0 "}, how: Direct, reason: NoDevice},
		{name: "memory comes back", kernel: fakeKernel{finit: []error{unix.ENOMEM, unix.EBUSY, nil}}, how: Direct, tries: 3,
			calls: []string{"finit flags=0 ", "finit flags=0 ", "finit flags=0 "}},
		{name: "memory does not", kernel: fakeKernel{finit: []error{unix.ENOMEM}}, how: Direct, tries: 3, reason: OutOfMemory,
			calls: []string{"finit flags=0 ", "finit flags=0 ", "finit flags=0 "}},
		{name: "denied by the kernel", pack: "xz", facts: KernelFacts{Blacklist: []string{"dummy"}}, kernel: fakeKernel{finit: eperm},
			calls: []string{"finit flags=0 "}, how: Unpacked, reason: KernelBlacklist},
		{name: "bomb", pack: "xz", limit: 1000, reason: TooBig},
		{name: "install command", install: "modprobe -i dummy $CMDLINE_OPTS", params: `a=1 b="c d"`, how: Command,
			calls: []string{`run modprobe -i dummy "$@" ["a=1" "b=c d"] ["MODPROBE_MODULE=dummy" "CMDLINE_OPTS=a=1 b=\"c d\""]`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.WriteFile(filepath.Join(dir, "dummy.ko"), pack(t, tt.pack, plainModule), 0o644); err != nil {
					t.Fatal(err)
				}
				l := &Loader{Kernel: tt.kernel.kernel(t), Facts: tt.facts, MaxImage: tt.limit,
					Open: func(name string) (*os.File, error) { return os.Open(filepath.Join(dir, name)) }}
				done, err := l.Insert(t.Context(), kmod.Step{Module: "dummy", File: "dummy.ko", Params: tt.params, Install: tt.install})
				var le *Error
				if errors.As(err, &le); (le == nil) != (tt.reason == "") || le != nil && le.Reason != tt.reason {
					t.Errorf("error %v, want reason %q", err, tt.reason)
				}
				if want := max(tt.tries, 1); done.How != tt.how || done.Attempts != want {
					t.Errorf("went by %+v, want %s in %d", done, tt.how, want)
				}
				if !slices.Equal(tt.kernel.calls, tt.calls) {
					t.Errorf("asked the kernel %q, want %q", tt.kernel.calls, tt.calls)
				}
				if tt.how == Unpacked || tt.how == Direct || tt.how == Image {
					if sha256.Sum256(tt.kernel.image) != sha256.Sum256(plainModule) {
						t.Errorf("the kernel was given %d bytes which are not the module", len(tt.kernel.image))
					}
				}
			})
		})
	}
}

func TestInsertNoFile(t *testing.T) {
	l := NewLoader(t.TempDir(), "6.1.0", KernelFacts{})
	_, err := l.Insert(t.Context(), kmod.Step{Module: "e1000e", File: "kernel/e1000e.ko"})
	var le *Error
	if !errors.As(err, &le) || le.Reason != NoFile {
		t.Errorf("error %v, want no file", err)
	}
}

// An absolute file in modules.dep is one outside the module tree, but below
// the same root.
func TestLoaderOpen(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"usr/lib/modules/6.1.0/kernel/a.ko", "opt/b.ko"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), plainModule, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := NewLoader(root, "6.1.0", KernelFacts{})
	for _, file := range []string{"kernel/a.ko", "/opt/b.ko"} {
		f, err := l.Open(file)
		if err != nil {
			t.Errorf("opening %s: %v", file, err)
			continue
		}
		f.Close()
	}
}

func TestInsertStopsWaiting(t *testing.T) {
	k := fakeKernel{finit: []error{unix.ENOMEM}}
	l := &Loader{Kernel: k.kernel(t), Open: func(string) (*os.File, error) { return os.Open(os.Args[0]) }}
	k.finit = []error{unix.ENOMEM}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.Kernel.Finit = func(int, string, int) error { k.calls = append(k.calls, ""); return unix.ENOMEM }
	if _, err := l.Insert(ctx, kmod.Step{Module: "a"}); err == nil || len(k.calls) != 1 {
		t.Errorf("%d attempts after the end, error %v", len(k.calls), err)
	}
}

func TestClassify(t *testing.T) {
	tests := []struct {
		name  string
		err   error
		facts KernelFacts
		want  string
	}{
		{"none", nil, KernelFacts{}, ""},
		{"lockdown", unix.EPERM, KernelFacts{Lockdown: "integrity"}, "lockdown"},
		{"lockdown none", unix.EPERM, KernelFacts{Lockdown: "none"}, "not permitted"},
		{"no capability", unix.EPERM, KernelFacts{NoCapability: true, Lockdown: "integrity"}, "no capability"},
		{"modules disabled", unix.EPERM, KernelFacts{ModulesDisabled: true}, "modules disabled"},
		{"key rejected", unix.EKEYREJECTED, KernelFacts{}, "key rejected"},
		{"no key", unix.ENOKEY, KernelFacts{}, "key rejected"},
		{"broken signature", unix.EBADMSG, KernelFacts{}, "bad signature"},
		{"vermagic", unix.ENOEXEC, KernelFacts{}, "wrong kernel"},
		{"symbol", unix.ENOENT, KernelFacts{}, "unknown symbol"},
		{"parameter", unix.EINVAL, KernelFacts{}, "bad parameter"},
		{"its own answer", unix.ETIMEDOUT, KernelFacts{}, "module init failed"},
		{"cut off", io.ErrUnexpectedEOF, KernelFacts{}, "bad file"},
		{"wrapped", fmt.Errorf("a: %w", unix.ENODEV), KernelFacts{}, "no device"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Classify(tt.err, "e1000e", tt.facts)
			var le *Error
			got := ""
			if errors.As(err, &le) {
				got = string(le.Reason)
				if !strings.HasPrefix(err.Error(), "loading e1000e: ") || !errors.Is(err, tt.err) {
					t.Errorf("error reads %q and is %v", err, tt.err)
				}
			}
			if got != tt.want {
				t.Errorf("reason %q, want %q", got, tt.want)
			}
			if Harmless(err) != (got == "no device") {
				t.Errorf("harmless: %v", Harmless(err))
			}
			if err != nil && Harmless(dependencyError("b", "a", err)) != Harmless(err) {
				t.Errorf("for what needs it, harmless: %v", !Harmless(err))
			}
		})
	}
}
