package kernel

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"attune/internal/treetest"
)

// Mount tables as such machines have them, shortened to what / hangs on.
func TestRootOf(t *testing.T) {
	disk := map[string]string{
		"sys/dev/block/8:1": "-> ../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1",
		"sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1/partition": "1\n",
	}
	loop := map[string]string{
		"sys/dev/block/7:0": "-> ../../devices/virtual/block/loop0",
		"sys/devices/virtual/block/loop0/loop/backing_file": "/run/live/medium/live/filesystem.squashfs\n",
	}
	const nfs = "25 1 0:22 / / ro,relatime shared:1 - nfs 192.168.5.1:/srv/image ro,vers=3,addr=192.168.5.1,mountaddr=192.168.5.1\n"
	const live = `30 1 0:25 / / rw,relatime - overlay overlay rw,lowerdir=/run/live/rootfs/filesystem.squashfs,upperdir=/run/live/overlay/rw,workdir=/run/live/overlay/work
31 30 0:24 / /run rw - tmpfs tmpfs rw
32 31 7:0 / /run/live/rootfs/filesystem.squashfs ro - squashfs /dev/loop0 ro
`
	for _, row := range []struct {
		name   string
		files  []map[string]string
		mounts string
		state  string // local, remote or lost
		chain  string
		clues  []string
		why    string
	}{
		{name: "a disk", files: []map[string]string{disk}, mounts: "25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n", state: "local", chain: "sda1"},
		{name: "a disk, and words for the network", files: []map[string]string{disk, {"proc/cmdline": "ip=dhcp BOOTIF=01-52-54-00-12-34-56"}},
			mounts: "25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n", state: "local", chain: "sda1"},
		{name: "btrfs, whose number is its own", files: []map[string]string{disk, {"sys/class/block/sda1": "-> ../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1"}},
			mounts: "25 1 0:33 /@ / rw,relatime - btrfs /dev/sda1 rw,subvol=/@\n", state: "local", chain: "sda1"},
		{name: "a live stick", files: []map[string]string{disk, loop}, mounts: live + "33 31 8:1 / /run/live/medium ro - iso9660 /dev/sda1 ro\n",
			state: "local", chain: "overlay squashfs/loop0 /run/live/medium/live/filesystem.squashfs sda1 tmpfs"},
		{name: "a live system from a server", files: []map[string]string{loop}, mounts: live + "33 31 0:44 / /run/live/medium ro - nfs4 boot:/live ro,addr=10.0.0.7\n",
			state: "remote", chain: "overlay squashfs/loop0 /run/live/medium/live/filesystem.squashfs nfs4", clues: []string{"server 10.0.0.7"}},
		{name: "copied to memory", files: []map[string]string{loop}, mounts: live + "33 31 0:44 / /run/live/medium rw - tmpfs tmpfs rw\n", state: "local", chain: "tmpfs"},
		{name: "an overlay of dracut, whose layers / lies over", files: []map[string]string{{"proc/cmdline": "root=live:http://10.0.0.1/i.iso ip=enp3s0:dhcp"}},
			mounts: "30 1 0:25 / / rw - overlay LiveOS_rootfs rw,lowerdir=/sysroot/base,upperdir=/sysroot/o,workdir=/sysroot/w\n",
			state:  "lost", why: "hidden under it", clues: []string{"link enp3s0", "server 10.0.0.1"}},
		{name: "an overlay with an option for each layer, a server's and one here", mounts: `30 1 0:25 / / rw - overlay overlay rw,lowerdir+=/run/a\054b,lowerdir+=/run/c,upperdir=/run/rw
31 30 0:24 / /run rw - tmpfs tmpfs rw
32 31 0:44 / /run/a,b ro - nfs4 boot:/live ro,addr=10.0.0.7
`, state: "remote", chain: "overlay nfs4 tmpfs", clues: []string{"server 10.0.0.7"}},
		{name: "nfs", files: []map[string]string{{"proc/cmdline": "root=/dev/nfs nfsroot=192.168.5.1:/srv/image,vers=3 ip=192.168.5.9:192.168.5.1:192.168.5.254:255.255.255.0:kiosk:eth0:off"}},
			mounts: nfs, state: "remote", chain: "nfs 192.168.5.1:/srv/image", clues: []string{"server 192.168.5.1 (nfs on /)", "server 192.168.5.1 (nfsroot", "server 192.168.5.1 (ip=", "link eth0 (ip="}},
		{name: "nfs by IPv6", mounts: "25 1 0:22 / / ro - nfs4 [fd00::1]:/srv ro,addr=fd00::1\n", state: "remote", clues: []string{"server fd00::1"}},
		{name: "nbd under an overlay", files: []map[string]string{{
			"sys/dev/block/43:0":  "-> ../../devices/virtual/block/nbd0",
			"proc/cmdline":        "root=/dev/nbd0 nbdroot=10.1.1.1,image,nbd0 ip=:::::enp1s0:dhcp",
			"run/net-enp1s0.conf": "DEVICE='enp1s0'\nPROTO='dhcp'\nIPV4ADDR='10.1.1.50'\nROOTSERVER='10.1.1.2'\n",
		}},
			mounts: "30 1 0:25 / / rw - overlay overlay rw,lowerdir=/rofs,upperdir=/rw/u,workdir=/rw/w\n31 30 43:0 / /rofs ro - squashfs /dev/nbd0 ro\n32 30 0:9 / /rw rw - tmpfs tmpfs rw\n",
			state:  "remote", chain: "overlay nbd0", clues: []string{"server 10.1.1.1 (nbdroot", "link enp1s0 (ip=", "link enp1s0 (/run/net-enp1s0.conf)", "server 10.1.1.2 (/run/net-enp1s0.conf)"}},
		{name: "iSCSI under LVM", files: []map[string]string{{
			"sys/dev/block/254:0":                        "-> ../../devices/virtual/block/dm-0",
			"sys/devices/virtual/block/dm-0/slaves/sdb2": "-> ../../../../platform/host6/session1/target6:0:0/6:0:0:1/block/sdb/sdb2",
			"sys/devices/platform/host6/session1/target6:0:0/6:0:0:1/block/sdb/sdb2/partition": "2\n",
			"sys/class/iscsi_connection/connection1:0/address":                                 "10.2.2.2\n",
			"sys/class/iscsi_connection/connection7:0/address":                                 "10.9.9.9\n",
			"sys/firmware/ibft/ethernet0/mac":                                                  "52:54:00:aa:bb:cc\n",
			"sys/firmware/ibft/target0/ip-addr":                                                "10.2.2.2\n",
		}},
			mounts: "25 1 254:0 / / rw - ext4 /dev/mapper/vg-root rw\n", state: "remote", chain: "dm-0 sdb2",
			clues: []string{"server 10.2.2.2 (iSCSI connection1:0)", "address 525400aabbcc", "server 10.2.2.2 (/sys/firmware"}},
		{name: "an NVMe disk of this machine", files: []map[string]string{{
			"sys/dev/block/259:1": "-> ../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1/nvme0n1p1",
			"sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1/nvme0n1p1/partition": "1\n",
			"sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/transport":                   "pcie\n",
		}}, mounts: "25 1 259:1 / / rw - xfs /dev/nvme0n1p1 rw\n", state: "local", chain: "nvme0n1p1"},
		{name: "an NVMe disk of another", files: []map[string]string{{
			"sys/dev/block/259:1": "-> ../../devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1",
			"sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1":     "-> ../../../virtual/nvme-fabrics/ctl/nvme1",
			"sys/devices/virtual/nvme-fabrics/ctl/nvme1/transport":      "tcp\n",
			"sys/devices/virtual/nvme-fabrics/ctl/nvme1/address":        "traddr=10.3.3.3,trsvcid=4420,src_addr=10.3.3.9\n",
			"sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1/x": "",
		}}, mounts: "25 1 259:1 / / rw - xfs /dev/nvme1n1 rw\n", state: "remote", chain: "nvme1n1", clues: []string{"server 10.3.3.3 (nvme over tcp)"}},
		{name: "a directory of the host", mounts: "25 1 0:22 / / rw - virtiofs root rw\n", state: "local", chain: "virtiofs"},
		{name: "9p over the network", mounts: "25 1 0:22 / / rw - 9p 10.4.4.4 rw,trans=tcp\n", state: "remote", clues: []string{"server 10.4.4.4"}},
		{name: "zfs", mounts: "25 1 0:22 / / rw - zfs rpool/ROOT rw\n", state: "lost", why: "on nothing that is known"},
		{name: "layers in a circle", files: []map[string]string{{"sys/dev/block/7:0": "-> ../../devices/virtual/block/loop0", "sys/devices/virtual/block/loop0/loop/backing_file": "/image\n"}},
			mounts: "25 1 7:0 / / ro - squashfs /dev/loop0 ro\n", state: "lost", why: "more layers than can be"},
		{name: "no mount table", state: "lost", why: "in no mount"},
		{name: "lost, beside files of a server", mounts: "25 1 0:22 / / rw - zfs rpool rw\n26 25 0:30 / /home rw - nfs4 s:/home rw,addr=10.5.5.5\n",
			state: "lost", why: "on nothing that is known", clues: []string{"server 10.5.5.5 (nfs4 on /home)"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			files := map[string]string{"proc/self/mountinfo": row.mounts}
			for _, more := range row.files {
				for k, v := range more {
					files[k] = v
				}
			}
			r := RootOf(treetest.Of(files))
			state := map[[2]bool]string{{true, false}: "local", {false, true}: "remote", {false, false}: "lost"}[[2]bool{r.Local, r.Remote}]
			if state != row.state {
				t.Errorf("%q, want %q: %+v", state, row.state, r)
			}
			chain := " " + strings.Join(r.Chain, " ") + " "
			for part := range strings.SplitSeq(row.chain, " ") {
				if _, device, ok := strings.Cut(part, "squashfs/"); ok {
					part = device
				}
				if !strings.Contains(chain, part) {
					t.Errorf("no %s in the chain%s", part, chain)
				}
			}
			if why := strings.Join(r.Why, "; "); row.why == "" && row.state != "lost" && why != "" || !strings.Contains(why, row.why) {
				t.Errorf("what was lost: %s, want %q", why, row.why)
			}
			var clues []string
			for _, c := range r.Clues {
				clues = append(clues, c.String())
			}
			for _, want := range row.clues {
				if !slices.ContainsFunc(clues, func(c string) bool { return strings.HasPrefix(c, want) }) {
					t.Errorf("no clue %q in %q", want, clues)
				}
			}
			if len(row.clues) == 0 && len(clues) > 0 {
				t.Errorf("clues %q", clues)
			}
			if strings.Contains(strings.Join(clues, " "), "10.9.9.9") {
				t.Errorf("the server of another session: %q", clues)
			}
		})
	}
}

func TestCmdlineClues(t *testing.T) {
	for line, want := range map[string][]string{
		"":                                      nil,
		"ip=dhcp":                               nil,
		"ip=eth1:dhcp":                          {"link eth1"},
		"ifname=boot:52:54:00:12:34:56":         {"link boot", "address 525400123456"},
		"BOOTIF=01-52-54-00-12-34-56":           {"address 525400123456"},
		"BOOTIF=52:54:00:12:34:56":              {"address 525400123456"},
		"BOOTIF=rubbish":                        nil,
		"bootdev=bond0 bond=bond0:eth0":         {"link bond0", "link bond0"},
		"netroot=iscsi:@10.0.0.3::3260::iqn":    {"server 10.0.0.3"},
		"netroot=nbd:[fd00::3]:10809":           {"server fd00::3"},
		"ip=[fd00::2]::[fd00::1]:64::eth0:none": {"link eth0"},
		"ip=::::::off":                          nil,
		"nfsroot=0.0.0.0:/x":                    nil,
	} {
		var got []string
		for _, c := range cmdlineClues(line) {
			text, _, _ := strings.Cut(c.String(), " (")
			got = append(got, text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestProtect(t *testing.T) {
	mac := func(s string) net.HardwareAddr { m, _ := net.ParseMAC(s); return m }
	links := []Link{
		{Index: 1, Name: "lo", Loopback: true, Addresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8")}},
		{Index: 2, Name: "enp1s0", AltNames: []string{"eno1"}, MAC: mac("52:54:00:00:00:02"), Master: 5},
		{Index: 3, Name: "enp2s0", MAC: mac("02:00:00:00:00:03"), PermanentMAC: mac("52:54:00:00:00:03"), Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.3/24")}},
		{Index: 4, Name: "wlan0"},
		{Index: 5, Name: "bond0", MAC: mac("52:54:00:00:00:02")},
		{Index: 6, Name: "enp3s0", Master: 5},
		{Index: 7, Name: "vlan9", Parent: 5, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.9.3/24")}},
	}
	route := func(a netip.Addr) []int {
		switch a.String() {
		case "10.0.9.1":
			return []int{7}
		case "127.0.0.1":
			return []int{1}
		}
		return nil
	}
	server := func(s string) Clue { return Clue{Server: netip.MustParseAddr(s), Why: "x"} }
	for _, row := range []struct {
		name string
		root Root
		want []int
	}{
		{"a disk", Root{Local: true, Clues: []Clue{{Name: "enp2s0"}}}, nil},
		{"a server over a VLAN of a bond", Root{Remote: true, Clues: []Clue{server("10.0.9.1")}}, []int{2, 5, 6, 7}},
		{"a part of the bond, by another name", Root{Remote: true, Clues: []Clue{{Name: "eno1", Why: "x"}}}, []int{2, 5, 6}},
		{"an address it was born with", Root{Clues: []Clue{{MAC: mac("52:54:00:00:00:03"), Why: "x"}}}, []int{3}},
		{"a server that no route leads to", Root{Remote: true, Clues: []Clue{server("10.7.7.7")}}, []int{2, 3, 5, 6, 7}},
		{"a server on this machine itself", Root{Remote: true, Clues: []Clue{server("127.0.0.1")}}, []int{2, 3, 5, 6, 7}},
		{"lost, and no clue", Root{}, nil},
		{"lost, and a clue", Root{Clues: []Clue{{Name: "wlan0", Why: "x"}}}, []int{4}},
	} {
		got := Protect(row.root, links, route)
		var indexes []int
		for i, why := range got {
			indexes = append(indexes, i)
			if len(why) == 0 || why[0] == "" {
				t.Errorf("%s: link %d without a reason", row.name, i)
			}
		}
		if slices.Sort(indexes); !slices.Equal(indexes, row.want) {
			t.Errorf("%s: %v, want %v (%v)", row.name, indexes, row.want, got)
		}
	}
}

// FuzzRoot: a mount table or a command line of any bytes is read, and ends.
func FuzzRoot(f *testing.F) {
	f.Add("25 1 0:22 / / ro - nfs4 [fd00::1]:/srv ro,addr=fd00::1\n", "ip=a:b:c:d:e:f root=/dev/nfs", "DEVICE=eth0")
	f.Add("30 1 0:25 / / rw - overlay o rw,lowerdir=/:/,upperdir=/\n", "BOOTIF=01-", "ROOTSERVER='1'")
	f.Fuzz(func(t *testing.T, mounts, line, conf string) {
		r := RootOf(treetest.Of(map[string]string{"proc/self/mountinfo": mounts, "proc/cmdline": line, "run/net-eth0.conf": conf,
			"sys/dev/block/7:0": "-> ../../devices/virtual/block/loop0", "sys/devices/virtual/block/loop0/loop/backing_file": "/image"}))
		if r.Local && r.Remote {
			t.Error("both here and elsewhere")
		}
	})
}
