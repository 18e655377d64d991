package vm

// ImageMachines are machines the whole image boots on besides those of
// XMachines.
var ImageMachines = []Machine{
	{
		Name: "x-pc-ps2", Board: "pc",
		Why:     "the board of 1996 without USB: keyboard and mouse on PS/2, disk on IDE",
		Devices: []string{"VGA,id=vid,edid=on,xres=1440,yres=900"},
	},
	{
		Name: "x-headless", Board: "q35",
		Why: "no graphics card at all",
	},
}

// tablet is a pointer with absolute positions, on a machine's USB bus x.
const tablet = "usb-tablet,id=tablet,bus=x.0"

// credential hands a system credential over as SMBIOS does.
func credential(name, value string) string {
	return "-smbios type=11,value=io.systemd.credential:" + name + "=" + value
}
