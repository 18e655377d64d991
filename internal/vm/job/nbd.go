package job

// How a guest comes to a root image over the network: by QEMU's user network,
// in which the host's loopback is BootServer.
const (
	NBDRoot     = "nbdroot" // the word of the kernel command line: nbdroot=SERVER,PORT
	NBDModules  = "modules/nbd"
	BootMAC     = "52:54:00:ab:cd:01"
	BootAddress = "10.0.2.15"
	BootServer  = "10.0.2.2"
	NBDPadding  = 124 // zeroes after what a server tells of an export
)
