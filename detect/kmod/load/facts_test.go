package load

import (
	"reflect"
	"testing"
	"testing/fstest"
)

func TestReadKernelFacts(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	tests := []struct {
		name string
		root fstest.MapFS
		want KernelFacts
	}{
		{"nothing there", fstest.MapFS{}, KernelFacts{}},
		{"a locked one", fstest.MapFS{
			"sys/module/compression":           file("xz\n"),
			"sys/kernel/security/lockdown":     file("none [integrity] confidentiality\n"),
			"proc/sys/kernel/modules_disabled": file("1\n"),
			"proc/self/status":                 file("Name:\tx\nCapEff:\t000001fffffeffff\n"),
			"proc/cmdline":                     file("module_blacklist=a quiet module_blacklist=snd-x,b\n"),
		}, KernelFacts{Compression: "xz", Lockdown: "integrity", ModulesDisabled: true,
			NoCapability: true, Blacklist: []string{"snd_x", "b"}}},
		{"an open one", fstest.MapFS{
			"sys/kernel/security/lockdown":     file("[none] integrity confidentiality\n"),
			"proc/sys/kernel/modules_disabled": file("0\n"),
			"proc/self/status":                 file("CapEff:\t000001ffffffffff\n"),
		}, KernelFacts{Lockdown: "none"}},
		{"nonsense", fstest.MapFS{
			"sys/kernel/security/lockdown": file("[[["),
			"proc/self/status":             file("CapEff:\tzz\n"),
		}, KernelFacts{Lockdown: "[["}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ReadKernelFacts(tt.root); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
