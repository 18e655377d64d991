package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"attune/internal/vm/job"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// nbdWord is the argument of the process that keeps a root image's connection.
const nbdWord = "nbd"

// ioctls of a network block device. include/uapi/linux/nbd.h.
const (
	nbdSetSock   = 0xab00
	nbdSetBlock  = 0xab01
	nbdDoIt      = 0xab03
	nbdSetBlocks = 0xab07
	nbdSetFlags  = 0xab0a
)

const nbdBlock = 4096

// netRoot makes /dev/nbd0 the root image, if the command line says that it comes
// by the network.
func netRoot() error {
	var server string
	for word := range strings.FieldsSeq(readString("/proc/cmdline")) {
		if v, ok := strings.CutPrefix(word, job.NBDRoot+"="); ok {
			server = v
		}
	}
	if server == "" {
		return nil
	}
	if err := loadModules(job.NBDModules); err != nil {
		return err
	}
	if err := bootLink(); err != nil {
		return fmt.Errorf("setting up the link to the server of the root image: %w", err)
	}
	// The process stays as long as the machine does, and outlives the first one's
	// becoming systemd, which does not end what begins with an @.
	// https://systemd.io/ROOT_STORAGE_DAEMONS
	c := exec.Command("/init")
	c.Args = []string{"@init", nbdWord, server}
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return err
	}
	for range 200 {
		if readString("/sys/block/nbd0/size") != "0" {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("no answer of the server of the root image")
}

// bootLink gives the link its address and the way out, as an initramfs would,
// and leaves the note that initramfs-tools leaves.
func bootLink() error {
	link, err := linkWith(job.BootMAC)
	if err != nil {
		return err
	}
	address, err := netlink.ParseAddr(job.BootAddress + "/24")
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return err
	}
	if err := netlink.AddrAdd(link, address); err != nil {
		return err
	}
	return netlink.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Gw: net.ParseIP(job.BootServer), Protocol: unix.RTPROT_BOOT})
}

func linkWith(mac string) (netlink.Link, error) {
	for range 200 {
		links, err := netlink.LinkList()
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.Attrs().HardwareAddr.String() == mac {
				return l, nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, fmt.Errorf("no link with the address %s", mac)
}

// keepNBD connects /dev/nbd0 with a server, "ADDRESS,PORT", and comes back when
// the connection has ended.
func keepNBD(server string) error {
	c, err := net.DialTimeout("tcp", strings.Replace(server, ",", ":", 1), 20*time.Second)
	if err != nil {
		return err
	}
	size, flags, err := askNBD(c)
	if err != nil {
		return err
	}
	socket, err := c.(*net.TCPConn).File()
	if err != nil {
		return err
	}
	disk, err := os.OpenFile("/dev/nbd0", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	for _, set := range []struct {
		what  uint
		value int
	}{{nbdSetBlock, nbdBlock}, {nbdSetBlocks, int(size / nbdBlock)}, {nbdSetFlags, int(flags)}, {nbdSetSock, int(socket.Fd())}, {nbdDoIt, 0}} {
		if err := unix.IoctlSetInt(int(disk.Fd()), set.what, set.value); err != nil {
			return fmt.Errorf("nbd ioctl %#x: %w", set.what, err)
		}
	}
	return nil
}

// askNBD is the client's half of the negotiation. doc/proto.md of NBD, fixed
// newstyle, NBD_OPT_EXPORT_NAME.
func askNBD(c net.Conn) (size uint64, flags uint16, err error) {
	if _, err := io.CopyN(io.Discard, c, 18); err != nil {
		return 0, 0, err
	}
	ask := binary.BigEndian.AppendUint32(nil, 1) // NBD_FLAG_C_FIXED_NEWSTYLE
	ask = append(ask, "IHAVEOPT"...)
	ask = binary.BigEndian.AppendUint32(ask, 1) // NBD_OPT_EXPORT_NAME
	ask = binary.BigEndian.AppendUint32(ask, 0) // the one without a name
	if _, err := c.Write(ask); err != nil {
		return 0, 0, err
	}
	var told struct {
		Size  uint64
		Flags uint16
		_     [job.NBDPadding]byte
	}
	err = binary.Read(c, binary.BigEndian, &told)
	return told.Size, told.Flags, err
}
