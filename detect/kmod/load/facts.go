package load

import (
	"io/fs"
	"strconv"
	"strings"

	"attune/detect/kmod"
)

// KernelFacts is what the running kernel says about taking modules. Each field
// is empty where its file is absent; the loader then knows less, never fails.
type KernelFacts struct {
	Compression     string   // sys/module/compression: "xz", "gzip", "zstd", "" when the kernel does not decompress
	Lockdown        string   // sys/kernel/security/lockdown: "none", "integrity", "confidentiality"
	ModulesDisabled bool     // proc/sys/kernel/modules_disabled
	NoCapability    bool     // proc/self/status CapEff lacks CAP_SYS_MODULE
	Blacklist       []string // module_blacklist= of proc/cmdline, as the kernel reads it
}

// ReadKernelFacts reads them from a tree rooted at "/".
func ReadKernelFacts(root fs.FS) KernelFacts {
	line := func(name string) string {
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(b))
	}
	return KernelFacts{
		Compression:     line("sys/module/compression"),
		Lockdown:        chosen(line("sys/kernel/security/lockdown")),
		ModulesDisabled: line("proc/sys/kernel/modules_disabled") == "1",
		NoCapability:    lacksCapability(line("proc/self/status")),
		Blacklist:       denied(line("proc/cmdline")),
	}
}

// chosen gives the bracketed word of "none [integrity] confidentiality".
func chosen(line string) string {
	_, rest, ok := strings.Cut(line, "[")
	if !ok {
		return ""
	}
	word, _, _ := strings.Cut(rest, "]")
	return word
}

const capSysModule = 16 // linux/capability.h

func lacksCapability(status string) bool {
	for line := range strings.Lines(status) {
		if hex, ok := strings.CutPrefix(line, "CapEff:"); ok {
			mask, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
			return err == nil && mask&(1<<capSysModule) == 0
		}
	}
	return false
}

// denied gives the names the kernel itself refuses.
func denied(cmdline string) []string {
	var names []string
	for _, ban := range kmod.KernelBlacklist(cmdline) {
		names = append(names, ban.Module)
	}
	return names
}
