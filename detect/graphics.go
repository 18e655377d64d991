package detect

// Graphics is what a machine can show a picture with: the kernel's DRM devices
// with their connectors, and framebuffers.
type Graphics struct {
	Cards        []Card        `json:"cards"`                  // sorted by ID
	Framebuffers []Framebuffer `json:"framebuffers,omitempty"` // /sys/class/graphics/fb*, in the kernel's order
	Problems     []Problem     `json:"problems,omitempty"`     // what could not be read
}

// A Card is one DRM device: class/drm/cardN.
type Card struct {
	// ID says which device this is, the same at every boot, as udev's ID_PATH
	// writes it: "pci-0000:03:00.0", "platform-soc:gpu". Card numbers change.
	ID       string `json:"id"`
	Device   string `json:"device"`             // Path of the hardware device, "devices/pci0000:00/0000:00:02.0"
	Node     string `json:"node"`               // "dri/card0", without /dev/
	Render   string `json:"render,omitempty"`   // "dri/renderD128"
	Driver   string `json:"driver,omitempty"`   // kernel driver: "i915", "simple-framebuffer", "virtio-pci" is given as "virtio_gpu"
	Vendor   uint16 `json:"vendor,omitempty"`   // PCI vendor
	Product  uint16 `json:"product,omitempty"`  // PCI device
	Class    uint32 `json:"class,omitempty"`    // PCI class
	BootVGA  bool   `json:"boot_vga,omitempty"` // the firmware showed its picture here
	Firmware bool   `json:"firmware,omitempty"` // simpledrm, ofdrm, ...: what the firmware left, not the real GPU
	External bool   `json:"external,omitempty"` // behind Thunderbolt, or USB: may be pulled

	Connectors []Connector `json:"connectors,omitempty"` // in the kernel's order, which the X drivers' names follow
}

// A Connector is one socket, or one built-in panel, of a card:
// class/drm/cardN-NAME.
type Connector struct {
	Name    string   `json:"name"`              // the kernel's, "HDMI-A-1", "eDP-1", "DP-3"
	Type    string   `json:"type"`              // "HDMI-A", "eDP"
	Status  string   `json:"status"`            // "connected", "disconnected", "unknown"
	Enabled bool     `json:"enabled,omitempty"` // shows a picture now
	EDID    []byte   `json:"edid,omitempty"`    // as read, nil when the kernel has none
	Modes   []string `json:"modes,omitempty"`   // "1920x1080", best first; empty until somebody probed
	Object  uint32   `json:"object,omitempty"`  // DRM object id, 0 when not known: other at the next boot

	// Internal: the panel of the machine itself, and what told us so.
	Internal    bool   `json:"internal,omitempty"`
	InternalWhy string `json:"internal_why,omitempty"`

	// What only the DRM device node tells (the connector's properties), or a
	// capture made where it could be asked. "" and false when it could not.
	Orientation string `json:"orientation,omitempty"` // property "panel orientation": "Normal", "Upside Down", "Left Side Up", "Right Side Up"
	NonDesktop  bool   `json:"non_desktop,omitempty"` // property "non-desktop"
	LinkBad     bool   `json:"link_bad,omitempty"`    // property "link-status" is Bad
	MSTPath     string `json:"mst_path,omitempty"`    // property PATH: "mst:105-1-8", names DisplayPort MST outputs after the connector with Object 105
	Tile        string `json:"tile,omitempty"`        // property TILE: "1:1:2:1:0:0:2560:2880"
}

// A Framebuffer is one fbdev device: class/graphics/fbN.
type Framebuffer struct {
	Name   string `json:"name"`             // the file name: "i915drmfb", "EFI VGA", "VESA VGA"
	Node   string `json:"node"`             // "fb0"
	Device string `json:"device,omitempty"` // Path of the hardware device
	Size   string `json:"size,omitempty"`   // virtual_size "1024,768"
}
