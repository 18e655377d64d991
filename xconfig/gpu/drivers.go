package gpu

import "strings"

// A gpuClass is what a GPU is to the person at the machine.
type gpuClass string

const (
	classIntegrated gpuClass = "integrated"
	classDiscrete   gpuClass = "discrete"
	classExternal   gpuClass = "external" // in a box behind Thunderbolt
	classUSB        gpuClass = "usb"      // a picture over USB: no GPU at all
	classBMC        gpuClass = "bmc"      // the management controller's picture
	classVirtual    gpuClass = "virtual"
	classFirmware   gpuClass = "firmware" // what the firmware left
)

// A kernelDriver is what is known of a kernel driver that shows pictures.
type kernelDriver struct {
	name  string   // base name of the driver link, as detect gives it
	drm   string   // name its DRM devices give (drmGetVersion), which X's MatchDriver compares; "" when it is the same
	class gpuClass // "" when the driver does not tell
}

// kernelDrivers are those whose names alone say something. The DRM names are
// those in struct drm_driver of Linux 6.1, drivers/gpu/drm; nvidia's is of its
// own nvidia-drm module.
var kernelDrivers = []kernelDriver{
	{"nvidia", "nvidia-drm", classDiscrete},
	// What class the firmware's own are of, detect says of a card.
	{"simple-framebuffer", "simpledrm", ""},
	{"of-display", "ofdrm", ""},
	{"udl", "", classUSB},
	{"evdi", "", classUSB},
	{"gud", "", classUSB},
	{"ast", "", classBMC},
	{"mgag200", "", classBMC},
	{"hibmc-drm", "hibmc", classBMC},
	{"hibmc", "", classBMC},
	{"aspeed_gfx", "aspeed-gfx-drm", classBMC},
	{"virtio_gpu", "", classVirtual},
	{"virtio-pci", "virtio_gpu", classVirtual},
	{"qxl", "", classVirtual},
	{"bochs-drm", "", classVirtual},
	{"cirrus", "", classVirtual}, // "cirrus-qemu" since Linux 6.15
	{"cirrus-qemu", "", classVirtual},
	{"vmwgfx", "", classVirtual},
	{"vboxvideo", "", classVirtual},
	{"hyperv_drm", "", classVirtual},
	{"xen-drm", "xendrm-du", classVirtual},
	{"vkms", "", classVirtual},
	// On SoCs the platform's driver and the DRM device have names of their own.
	{"vc4-drm", "vc4", ""},
	{"rockchip-drm", "rockchip", ""},
	{"exynos-drm", "exynos", ""},
	{"meson-drm", "meson", ""},
	{"mediatek-drm", "mediatek", ""},
	{"stm32-display", "stm", ""},
	{"drm", "tegra", ""},
}

// A pciGPU is a PCI device whose ids alone say what it is, driver or none.
type pciGPU struct {
	vendor, first, last uint16 // devices first to last
	class               gpuClass
	name                string
}

var pciGPUs = []pciGPU{
	{0x1a03, 0, 0xffff, classBMC, "ASPEED"},
	{0x102b, 0x0522, 0x0540, classBMC, "Matrox G200 of a management controller"}, // 0520 and 0521 are cards people bought
	{0x19e5, 0x1711, 0x1711, classBMC, "Hisilicon iBMC"},
	{0x1af4, 0x1050, 0x1050, classVirtual, "virtio"},
	{0x1b36, 0x0100, 0x0100, classVirtual, "qxl"},
	{0x1234, 0x1111, 0x1111, classVirtual, "QEMU standard VGA"},
	{0x1013, 0x00b8, 0x00b8, classVirtual, "QEMU's Cirrus"},
	{0x15ad, 0, 0xffff, classVirtual, "VMware"},
	{0x80ee, 0xbeef, 0xbeef, classVirtual, "VirtualBox"},
	{0x1414, 0, 0xffff, classVirtual, "Hyper-V"},
}

// passedThrough are drivers that hold a device for a virtual machine or for a
// program: no picture of ours goes there.
var passedThrough = []string{"vfio-pci", "pci-stub", "pciback", "xen-pciback", "uio_pci_generic", "igb_uio"}

func isPassedThrough(driver string) bool {
	d := strings.ReplaceAll(driver, "_", "-")
	for _, p := range passedThrough {
		if d == strings.ReplaceAll(p, "_", "-") {
			return true
		}
	}
	return strings.HasSuffix(d, "-vfio-pci") // variants of vfio-pci made for one device
}

func kernelDriverOf(name string) kernelDriver {
	for _, k := range kernelDrivers {
		if k.name == name {
			return k
		}
	}
	return kernelDriver{name: name}
}

// drmName is the name a card's driver gives itself towards X, which
// OutputClass's MatchDriver compares: "nvidia-drm" for the driver "nvidia".
func drmName(driver string) string {
	if k := kernelDriverOf(driver); k.drm != "" {
		return k.drm
	}
	return driver
}

// IsBMC says whether a kernel driver is one of management controllers.
func IsBMC(driver string) bool { return kernelDriverOf(driver).class == classBMC }
