package xconfig

// Preferences are what people asked for: settings of the image, of the site,
// of this machine. The zero value asks for nothing.
type Preferences struct {
	GPU      string          // "" or "auto"; "integrated", "discrete", "external", or a Card.ID ("pci-0000:01:00.0")
	Driver   string          // X driver for the chosen GPU, "" to let it be found; "failsafe" starts at the ladder's safe end
	Mirror   bool            // every output shows the same
	Primary  string          // a Match as text: which output is the primary one
	Arrange  string          // "", "right-of" (default), "left-of", "above", "below": how outputs follow each other
	DPI      int             // 0: from the display's size
	Scale    float64         // 0: from the DPI
	Default  string          // mode of a display that tells nothing: "1920x1080"; "" leaves it to X
	Headless string          // "" or "off": nothing; "WxH": a picture of that size with no display at all (dummy driver)
	NoBlank  bool            // kiosk: never blank, never power the display down
	Outputs  []OutputRule    // the first that matches decides, field by field
	Touch    []TouchRule     // likewise
	Keyboard Keyboard        // fields that are not empty are meant
	Scanner  string          // layout of barcode scanners and card readers, default "us"
	Touchpad TouchpadOptions //
	Mouse    PointerOptions  // mice, trackballs
	Stick    PointerOptions  // pointing sticks

	// Fallback is how much of all this is left out, as no picture came of it.
	Fallback Fallback

	// Asked is a digest of all that was asked for, whether it is about a display or an input
	// device that is plugged now or not; "" where nobody made one.
	Asked string `json:"-"`

	// Sources says which line of which file or which word of the command line set a
	// preference: "keyboard.layout" -> "/etc/attune/site.toml:3".
	Sources map[string]string
}

// A Match picks displays. Every field that is set must hold. Text is compared
// without regard to case, * and ? are wildcards.
type Match struct {
	Connector string // the kernel's name: "HDMI-A-1", "DP-*"
	Vendor    string // of the EDID: "DEL"
	Product   string // four hex digits
	Serial    string // serial number or serial string
	Name      string // product name
	Role      string // "internal", "external", "largest", "touch", "any"
	Card      string // Card.ID
}

// An OutputRule says how a display is used. Zero fields leave the decision as
// it is.
type OutputRule struct {
	Match    Match
	Off      bool
	Mode     string // "1920x1080", "1920x1080@60", "preferred", "highest"
	Position string // "X,Y"; or "left-of CONNECTOR", "right-of", "above", "below", "same-as"
	Rotate   string // "normal", "left", "right", "inverted"
	Scale    float64
	Primary  bool
	Source   string // where it was asked for: "/etc/attune/site.toml:12"
}

// A TouchRule says which output a touchscreen or tablet belongs to.
type TouchRule struct {
	Device string // "VID:PID" in hex, a name or a place ("usb-0000:00:14.0-2/*") with * and ?
	Output Match  // an empty match is every output together
	Rotate string // of the sensor against its display, "" as the display
	Source string // where it was asked for
}

// A Keyboard is a layout in XKB's words.
type Keyboard struct {
	Layout  string `json:"layout,omitempty"`  // "us,ru"
	Variant string `json:"variant,omitempty"` // one for each layout: ",phonetic"
	Model   string `json:"model,omitempty"`
	Options string `json:"options,omitempty"` // "grp:alt_shift_toggle,compose:ralt"
}

// TouchpadOptions: nil leaves the driver's default.
type TouchpadOptions struct {
	Tap, NaturalScroll, DisableWhileTyping *bool
	ClickMethod                            string // "buttonareas", "clickfinger"
	Speed                                  *float64
}

// PointerOptions: nil leaves the driver's default. Speed is -1 to 1.
type PointerOptions struct {
	NaturalScroll, LeftHanded *bool
	Speed                     *float64
	Profile                   string // "flat", "adaptive"
}
