package xconfig

import (
	"encoding/json"

	"attune/detect/edid/timing"
)

// A DisplayPlan is where each picture goes. It is not X's: what X needs to be
// told to get there is the writers' business.
type DisplayPlan struct {
	GPU     GPUPlan  `json:"gpu"`
	Outputs []Output `json:"outputs"` // the chosen GPU's first, each card's in the kernel's order
	Width   int      `json:"width"`   // of the whole desktop, in pixels
	Height  int      `json:"height"`
	DPI     int      `json:"dpi"`   // for text, 96 when nothing says better
	Scale   float64  `json:"scale"` // of the primary output
	DPIWhy  string   `json:"dpi_why"`
	Default string   `json:"default_mode,omitempty"` // for displays that tell nothing, "1920x1080"
	NoBlank bool     `json:"no_blank,omitempty"`
	Notes   []Note   `json:"notes,omitempty"`
}

// A GPUPlan is which card shows the picture and by which drivers.
type GPUPlan struct {
	Card     string    `json:"card,omitempty"`   // Card.ID, "" when there is none
	Device   string    `json:"device,omitempty"` // Path of its device in the inventory
	Kernel   string    `json:"kernel,omitempty"` // name the card's kernel driver gives itself, as X's MatchDriver compares it: "nvidia-drm"
	Driver   string    `json:"driver,omitempty"` // X driver to be named in the configuration, "" where X finds it by itself
	Why      string    `json:"why"`
	Primary  bool      `json:"primary_gpu,omitempty"` // X would take another: PrimaryGPU has to be said
	Offload  []string  `json:"offload,omitempty"`     // other usable cards, by ID
	Ladder   []Rung    `json:"ladder,omitempty"`      // what to try in turn when X fails, the first is what is planned
	Fallback *Fallback `json:"fallback,omitempty"`    // nil: the best way there is; else which step down from it, and why
	Headless bool      `json:"headless,omitempty"`    // no display; the dummy driver shall make one
	Kind     string    `json:"kind"`                  // "single", "hybrid", "external", "bmc", "vm", "firmware", "legacy", "headless", "none"
}

// A Rung is one way to get a picture.
type Rung struct {
	Driver string `json:"driver"`           // X driver, or "auto" for X's own choice
	BusID  string `json:"bus_id,omitempty"` // "PCI:1@0:0:0", needed by this rung only where X asks for it
	Why    string `json:"why"`
}

// An Output is one display, or one group of tiles, and what it shows.
type Output struct {
	Card      string `json:"card"`             // Card.ID
	Connector string `json:"connector"`        // the kernel's name
	XName     string `json:"x_name,omitempty"` // name the X driver gives it, "" while no driver is known
	XDriver   string `json:"-"`                // X driver that draws it, found by X or named, "" while none is known
	State     string `json:"state"`            // "on", "off", "skipped", "unreachable" (X cannot bring it a picture), "disconnected"
	Why       string `json:"why"`              // of the state

	Display    string   `json:"display,omitempty"` // edid.ID: "DEL-a0b1-XYZ123", "" when the display told nothing
	Name       string   `json:"name,omitempty"`    // the display's own, printable
	Told       Told     `json:"-"`                 // what the display calls itself, any byte may be in it
	Internal   bool     `json:"internal,omitempty"`
	Largest    bool     `json:"-"` // of those a picture can be shown on, whatever rules make of it
	Touch      bool     `json:"-"` // a touchscreen lies on it
	Primary    bool     `json:"primary,omitempty"`
	PrimaryWhy string   `json:"primary_why,omitempty"`
	Mirrors    string   `json:"mirrors,omitempty"` // connector whose picture this shows
	Tiles      []string `json:"tiles,omitempty"`   // connectors of one tiled display, this one's first

	Mode       timing.Mode `json:"mode"`
	ModeWhy    string      `json:"mode_why"`
	Forced     bool        `json:"forced,omitempty"` // X would not choose this mode by itself
	X          int         `json:"x"`                // of the upper left corner, in pixels of the desktop
	Y          int         `json:"y"`
	Placed     bool        `json:"placed,omitempty"` // X would not put it here by itself
	PlaceWhy   string      `json:"place_why,omitempty"`
	Rotate     string      `json:"rotate"` // "normal", "left", "right", "inverted", as RandR means them
	RotateWhy  string      `json:"rotate_why,omitempty"`
	PanelTurn  bool        `json:"panel_turn,omitempty"` // Rotate is how the panel is built in, which Wayland compositors see by themselves
	Panel      string      `json:"-"`                    // the turn the way a panel is built in asks for, whatever Rotate is; "" unknown
	Scale      float64     `json:"scale"`
	ScaleWhy   string      `json:"scale_why,omitempty"`
	WidthMM    int         `json:"width_mm,omitempty"` // of the image as it hangs unrotated, 0 unknown or not believed
	HeightMM   int         `json:"height_mm,omitempty"`
	Remembered bool        `json:"remembered,omitempty"` // the EDID is of an earlier boot
	NonDesktop bool        `json:"-"`                    // the kernel says that no desktop belongs here, so X leaves it off by itself
}

// Told is what a display's EDID says it is, for programs that know
// displays by it.
type Told struct {
	Vendor  string // "DEL", "" when it is none
	Product uint16
	Serial  uint32
	Name    string // product name
	Text    string // serial number as text
}

// Width and Height are what the output takes of the desktop, in pixels,
// after rotation.
func (o Output) Width() int  { w, _ := o.Extent(); return w }
func (o Output) Height() int { _, h := o.Extent(); return h }

// Extent is the output's place on the desktop, in pixels, after rotation.
func (o Output) Extent() (w, h int) {
	w, h = o.Mode.HActive, o.Mode.VActive
	if Sideways(o.Rotate) {
		w, h = h, w
	}
	return w, h
}

// An InputPlan is how the input devices, those there and those to come, shall
// behave.
type InputPlan struct {
	Keyboard    Keyboard     `json:"keyboard"`
	KeyboardWhy []Note       `json:"keyboard_why"` // every source asked, the winner first
	Devices     []InputUse   `json:"devices"`      // what is there now
	Classes     []InputClass `json:"classes"`      // rules for whole classes of device
	Notes       []Note       `json:"notes,omitempty"`
}

// An InputUse is one present device and what is made of it.
type InputUse struct {
	Path      string   `json:"path"` // detect.Input.Path
	Name      string   `json:"name"` // printable
	Kinds     []string `json:"kinds,omitempty"`
	Use       string   `json:"use"` // "keyboard", "pointer", "touch", "tablet", "ignored"
	Why       string   `json:"why"`
	Output    string   `json:"output,omitempty"` // connector a touch lands on, "" for the whole desktop
	OutputWhy string   `json:"output_why,omitempty"`
	// Matrix maps the device's unit square onto the desktop's unit square, row by
	// row, as X's Coordinate Transformation Matrix takes it: all that X has to do.
	// Identity where nothing has to be done.
	Matrix [9]float64 `json:"matrix"`
	// Sensor is the part of Matrix that is the device's own: how its sensor lies
	// in its panel, as libinput's CalibrationMatrix takes it. It is all a Wayland
	// compositor lacks, which itself knows where the output lies and how it is
	// rotated.
	Sensor [9]float64 `json:"sensor"`
}

// An InputClass is a rule in the words of X's InputClass and of udev alike.
//
// Options are X's and say everything X needs; Properties are udev's and say
// what Wayland needs. Where one of them would reach X too
// (LIBINPUT_CALIBRATION_MATRIX) Options takes it back.
type InputClass struct {
	Name       string     `json:"name"` // of the rule: "keyboard layout", "barcode scanners"
	Match      InputMatch `json:"match"`
	Options    []Option   `json:"options,omitempty"`    // of an InputClass section; an empty value takes back what was said before
	Properties []Option   `json:"properties,omitempty"` // for a udev rule: "WL_OUTPUT", "LIBINPUT_CALIBRATION_MATRIX"
	Ignore     bool       `json:"ignore,omitempty"`
	Why        string     `json:"why"`
}

// An InputMatch picks devices, those present and those plugged later. Every
// field that is set must hold.
type InputMatch struct {
	Kind    string            `json:"kind"`              // keyboard, pointer, touchpad, touchscreen, tablet: X's MatchIs*; "" any
	USBID   string            `json:"usb_id,omitempty"`  // "0627:0001", hex; * for any product; several with | between. Of any bus, X takes it from PRODUCT
	Product string            `json:"product,omitempty"` // name, only ever of whitelisted characters
	Udev    map[string]string `json:"udev,omitempty"`    // properties a udev rule compares: "ID_PATH": "..."
	Tag     string            `json:"tag,omitempty"`     // what our own udev rule adds to ID_INPUT.tags where Udev holds, for X has no word for Udev
}

// An Option is one name and value with its reason.
type Option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Why   string `json:"why,omitempty"`
}

// A Note is one thing a person should know.
type Note struct {
	Subject string `json:"subject"` // what it is about: a connector, a device, a source
	Text    string `json:"text"`
}

// A File is one file to be written. Name is relative to its Dir.
type File struct {
	Dir  Dir    `json:"dir"`
	Name string `json:"name"`
	Data []byte `json:"-"` // as JSON it is "text"
	Why  string `json:"why"`
}

// MarshalJSON gives the file with what stands in it.
func (f File) MarshalJSON() ([]byte, error) {
	type file File
	return json.Marshal(struct {
		file
		Text string `json:"text"`
	}{file(f), string(f.Data)})
}

// A Dir is a place files go; the caller knows where it is.
type Dir string

// The names of our files in directories we share with others.
const (
	FileInput  = "10-attune-input.conf"  // of DirXorg
	FileOutput = "90-attune-output.conf" // of DirXorg
	FileUdev   = "70-attune-input.rules" // of DirUdev
	FileEnv    = "60-attune.conf"        // of DirEnv
)

// The places.
const (
	DirXorg       Dir = "xorg.conf.d" // what X reads
	DirUdev       Dir = "udev"        // rules, /run/udev/rules.d
	DirEnv        Dir = "environment" // /run/environment.d
	DirWayland    Dir = "wayland"     // weston.ini, kanshi, monitors.xml
	DirXresources Dir = "xresources"  // what every X session loads (/etc/X11/Xresources of Debian)
)
