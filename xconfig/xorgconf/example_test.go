package xorgconf_test

import (
	"fmt"

	"attune/xconfig/xorgconf"
)

func ExamplePrint() {
	text, _ := xorgconf.Print("How this came to be.", xorgconf.Monitor{
		Name: "HDMI-1", Why: "HDMI-A-1 of pci-0000:00:02.0",
		Options: []xorgconf.Option{{Name: "Rotate", Value: "left", Why: "by a rule"}},
	})
	fmt.Print(string(text))
	// Output:
	// # How this came to be.
	//
	// # HDMI-A-1 of pci-0000:00:02.0
	// Section "Monitor"
	// 	Identifier "HDMI-1"
	// 	# by a rule
	// 	Option "Rotate" "left"
	// EndSection
}
