package gpu

import (
	"path"
	"strings"

	"attune/xconfig"
)

// classify says what a GPU is to the person at the machine: by its driver,
// its ids, where it sits.
func classify(g gpu, external bool, f xconfig.Facts) gpuClass {
	if k := kernelDriverOf(g.driver); k.class != "" && k.class != classDiscrete {
		return k.class
	}
	for _, p := range pciGPUs {
		if g.vendor == p.vendor && g.product >= p.first && g.product <= p.last {
			return p.class
		}
	}
	switch {
	case external && strings.Contains(g.path, "/usb"):
		return classUSB
	case external:
		return classExternal
	case !strings.HasPrefix(g.id, "pci-"):
		return classIntegrated // on the SoC
	case g.vendor == 0x10de:
		return classDiscrete
	case onRootBus(g.path):
		return classIntegrated
	case g.vendor == 0x1002 && besideAMD(g.path, f):
		return classIntegrated
	}
	return classDiscrete
}

// onRootBus: no bridge between the GPU and the processor.
func onRootBus(p string) bool {
	return strings.HasPrefix(path.Base(path.Dir(p)), "pci")
}

// besideAMD: AMD's processors carry their GPU behind a bridge as cards do, but
// in one PCI device with the processor's own parts, which have AMD's other
// vendor number 1022.
func besideAMD(p string, f xconfig.Facts) bool {
	slot, _, _ := strings.Cut(p, ".")
	for _, d := range f.Machine.Devices {
		if d.Vendor == 0x1022 && strings.HasPrefix(d.Path, slot+".") {
			return true
		}
	}
	return false
}
