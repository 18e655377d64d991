package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/detect/kmod"
	"attune/xconfig"
)

// What names must look like. A name that cannot be one does nothing at a boot,
// and nobody would be told of it there.

var (
	gpuRE    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*-[A-Za-z0-9_:.-]+$`) })
	moduleRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`) })
	aliasRE  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][A-Za-z0-9_-]*:.`) })
)

// isGPU: a word, or a card's ID, which begins with its bus: "pci-0000:01:00.0",
// "platform-simple-framebuffer.0".
func isGPU(s string) bool {
	return s == "" || slices.Contains([]string{"auto", "integrated", "discrete", "external"}, strings.ToLower(s)) || gpuRE().MatchString(s)
}

var gpu = such(isGPU, "auto, integrated, discrete, external or pci-ADDRESS")

// isConnector: "DP-1", "HDMI-A-1", as a pattern too.
func isConnector(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' || c == '\\' })
}

// display is one display in one line, as xconfig.ParseMatch reads it.
func display(v any) (string, error) {
	s, err := text(v)
	if err != nil {
		return "", err
	}
	m, err := xconfig.ParseMatch(s)
	if err != nil || !isConnector(m.Connector) {
		return "", fmt.Errorf("want a connector, or internal, external, largest, touch")
	}
	return s, nil
}

// buses are those whose devices have a MODALIAS, in kernels up to 6.12.
var buses = sync.OnceValue(func() []string {
	return strings.Fields(`ac97 acpi amba anybuss arm-ffa auxiliary bcma bcma-bus ccw cdx container counter cpu css cxl dax dfl dibs
	dmi dp-aux drm eisa event_source firewire fsi fsl-mc gameport gbphy greybus hdaudio hid host1x hsi i2c i3c i3c-bus input
	intel_vsec intel-ipu6 ipack isa ishtp macio machinecheck maple mcb mdev mdio mdio_bus mei memstick mhi mhi_ep mipi-dsi
	mips_cdmm mmc moxtet nd ntb ntb_transport nubus of optee parisc parport pci pci-epf pci_express pciback pcmcia peci platform pnp
	ps3_system_bus rapidio rc rio rmi4 rpmsg rxrpc scmi_protocol scsi sdio serdev serial serial-base serio siox slimbus
	soundwire spi spmi ssb surface_aggregator tc tee thunderbolt tifm typec ulpi umc usb usb-serial vdpa vfio-ccw vio
	virtio visorbus vlynq vmbus vme w1 wmi xen xen-backend xenbus zorro`)
})

// busName: one that is written wrongly would leave nothing alone. Errors do not
// have the name in them, which may be a secret in the wrong place.
func busName(s string) (string, error) {
	if slices.Contains(buses(), s) {
		return s, nil
	}
	if near := kmod.Nearest(strings.ToLower(s), buses()); near != "" {
		return "", fmt.Errorf("there is no such bus, is %s meant?", near)
	}
	return "", fmt.Errorf("there is no such bus")
}

// moduleName writes a module as the kernel does, with underscores.
func moduleName(s string) (string, error) {
	if !moduleRE().MatchString(s) {
		return "", fmt.Errorf("want names of letters, digits, - and _")
	}
	return strings.ReplaceAll(s, "-", "_"), nil
}

// aliasName is a module, or an alias, which has a colon and is left as it is.
func aliasName(s string) (string, error) {
	if aliasRE().MatchString(s) {
		return s, nil
	}
	return moduleName(s)
}
