package identity

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

// A pc is a machine with a wired card inside, one on USB, and a radio.
func pc(files ...string) fstest.MapFS {
	root := fstest.MapFS{}
	card := func(name, at, mac, assigned string) {
		dir := "sys/devices/" + at + "/net/" + name
		root["sys/class/net/"+name] = &fstest.MapFile{Data: []byte("../../devices/" + at + "/net/" + name), Mode: fs.ModeSymlink}
		root[dir+"/address"] = text1(mac)
		root[dir+"/addr_assign_type"] = text1(assigned)
		root[dir+"/type"] = text1("1")
	}
	card("eno1", "pci0000:00/0000:00:1f.6", "00:11:22:33:44:55", "0")
	card("enx02", "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0", "00:e0:4c:68:00:01", "0")
	card("enp9s0", "pci0000:00/0000:09:00.0", "02:11:22:33:44:99", "1")
	card("wlp1s0", "pci0000:00/0000:01:00.0", "00:aa:bb:cc:dd:ee", "0")
	root["sys/devices/pci0000:00/0000:01:00.0/net/wlp1s0/wireless"] = &fstest.MapFile{Mode: fs.ModeDir}
	card("veth1", "virtual", "00:11:22:33:44:77", "0")
	for i := 0; i+1 < len(files); i += 2 {
		root[files[i]] = text1(files[i+1])
	}
	return root
}

func text1(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s + "\n")} }

const dmi = "sys/class/dmi/id/"

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name    string
		root    fs.FS
		cmdline string
		want    []ID
	}{
		{
			name: "a disk's boot: the card inside, not the one on USB, not the radio, no address made up",
			root: pc(),
			want: []ID{{MAC, "00:11:22:33:44:55", "/sys/class/net/eno1/address"}},
		},
		{
			name: "PXELINUX says by which card, drivers or not", root: fstest.MapFS{}, cmdline: "quiet BOOTIF=01-00-E0-4C-68-00-01",
			want: []ID{{BootMAC, "00:e0:4c:68:00:01", "BOOTIF= of the kernel command line"}},
		},
		{
			name: "the boot card first, then firmware, then other cards", cmdline: "ip=::::lab7:enx02:dhcp",
			root: pc(dmi+"product_uuid", "4C4C4544-0042-3510-8052-B3C04F4B4E32", dmi+"product_serial", " B5RKN2 ", dmi+"board_serial", "/B5RKN2/CN129", dmi+"chassis_asset_tag", "Lab 0042"),
			want: []ID{
				{BootMAC, "00:e0:4c:68:00:01", "ip= of the kernel command line"},
				{UUID, "4c4c4544-0042-3510-8052-b3c04f4b4e32", "/" + dmi + "product_uuid"},
				{Serial, "b5rkn2", "/" + dmi + "product_serial"},
				{BoardSerial, "/b5rkn2/cn129", "/" + dmi + "board_serial"},
				{Asset, "lab 0042", "/" + dmi + "chassis_asset_tag"},
				{MAC, "00:11:22:33:44:55", "/sys/class/net/eno1/address"},
			},
		},
		{
			name: "dracut's name for a card", root: pc(), cmdline: "ifname=boot0:00:11:22:33:44:55 ip=boot0:dhcp",
			want: []ID{{BootMAC, "00:11:22:33:44:55", "ip= of the kernel command line"}},
		},
		{
			name: "an NFS root: the card the route to its server goes by",
			root: pc("proc/mounts", "10.0.2.2:/srv/root / nfs4 ro,vers=4.2,addr=10.0.2.2 0 0",
				"proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nwlp1s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\neno1\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF"),
			want: []ID{{BootMAC, "00:11:22:33:44:55", "the route to the server of the root file system"}},
		},
		{
			name: "klibc's ipconfig in the initramfs", root: pc("run/net-eno1.conf", "DEVICE='eno1'"),
			want: []ID{{BootMAC, "00:11:22:33:44:55", "/run/net-eno1.conf"}},
		},
		{
			name: "an Arm board", root: fstest.MapFS{"sys/firmware/devicetree/base/serial-number": {Data: []byte("100000003d1e2f4a\x00")}},
			want: []ID{{Serial, "100000003d1e2f4a", "/sys/firmware/devicetree/base/serial-number"}},
		},
		{name: "a card named that has another address than its own", root: pc(), cmdline: "ip=enp9s0:dhcp", want: []ID{{MAC, "00:11:22:33:44:55", "/sys/class/net/eno1/address"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Read(row.root, row.cmdline).IDs; !slices.Equal(got, row.want) {
				t.Errorf("got  %+v\nwant %+v", got, row.want)
			}
		})
	}
}

// What makers leave in the fields is no machine's identity. All seen on sold ones.
func TestShared(t *testing.T) {
	for _, row := range []struct {
		kind  Kind
		value string
		want  bool
	}{
		{UUID, "03000200-0400-0500-0006-000700080009", true},
		{UUID, "00020003-0004-0005-0006-000700080009", true},
		{UUID, "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", true},
		{UUID, "00000000-0000-0000-0000-000000000000", true},
		{UUID, "58585858-5858-5858-5858-585858585858", true},
		{UUID, "fefefefe-fefe-fefe-fefe-fefefefefefe", true},
		{UUID, "12345678-1234-5678-90AB-CDDEEFAABBCC", true},
		{UUID, "4C4C4544-0000-2010-8020-80C04F202020", true},
		{UUID, "00010203-0405-0607-0809-0a0b0c0d0e0f", true},
		{UUID, "03020100-0504-0706-0809-0A0B0C0D0E0F", true},
		{UUID, "01020304-0506-0708-090a-0b0c0d0e0f10", true},
		{UUID, "Not Settable", true},
		{UUID, "", true},
		{UUID, "4C4C4544-0042-3510-8052-B3C04F4B4E32", false},
		{UUID, "00000000-0000-0000-0000-002590C7C000", false}, // a board that puts its address there
		{Serial, "To be filled by O.E.M.", true},
		{Serial, "To Be Filled By O.E.M. ", true},
		{Serial, "Default string", true},
		{Serial, "System Serial Number", true},
		{Serial, "Not Specified", true},
		{Serial, "Enter Serial", true},
		{Serial, "0", true},
		{Serial, "00000000", true},
		{Serial, "XXXXXXX", true},
		{Serial, "........", true},
		{Serial, "-", true},
		{Serial, "  ", true},
		{Serial, "None", true},
		{Serial, "N/A", true},
		{Serial, "123456789", true},
		{Serial, "0123456789ABCDEF", false}, // odd, and nobody is known to have left it
		{Serial, "SN12345678901234567", true},
		{Serial, "Default_string", true},
		{BoardSerial, "Base Board Serial Number", true},
		{BoardSerial, "Type2 - Board Serial Number", true},
		{Asset, "No Asset Tag", true},
		{Asset, "NO Asset Information", true},
		{Asset, "ATN12345678901234567", true},
		{Serial, "PF1A2B3C", false},
		{Serial, "5CG9123ABC", false},
		{MAC, "00:00:00:00:00:00", true},
		{MAC, "ff:ff:ff:ff:ff:ff", true},
		{MAC, "01:00:5e:00:00:01", true},
		{MAC, "00-11-22-33-44-55", false},
	} {
		if got := Shared(row.kind, row.value); (got != "") != row.want {
			t.Errorf("%s %q: %q, want refused: %v", row.kind, row.value, got, row.want)
		}
	}
}

// Two machines of one make, with what its maker left there, have nothing in
// common that would make them one.
func TestSamePlaceholder(t *testing.T) {
	left := []string{dmi + "product_uuid", "03000200-0400-0500-0006-000700080009", dmi + "product_serial", "To be filled by O.E.M.", dmi + "board_serial", "Default string", dmi + "chassis_asset_tag", "0"}
	a := pc(left...)
	b := pc(left...)
	b["sys/devices/pci0000:00/0000:00:1f.6/net/eno1/address"] = text1("00:11:22:33:44:56")
	one, other := Read(a, ""), Read(b, "")
	for _, id := range one.IDs {
		if slices.ContainsFunc(other.IDs, func(o ID) bool { return o.Kind == id.Kind && o.Value == id.Value }) {
			t.Errorf("both have %+v", id)
		}
	}
	refused := 0
	for _, r := range one.Refused {
		if r.Kind != MAC {
			refused++
		}
	}
	if refused != 4 || len(one.IDs) != 1 {
		t.Errorf("%+v", one)
	}
}

// denied is a tree whose DMI only root may read.
type denied struct{ fstest.MapFS }

func (d denied) Open(name string) (fs.File, error) { return d.MapFS.Open(name) }
func (d denied) ReadFile(name string) ([]byte, error) {
	if len(name) > len(dmi) && name[:len(dmi)] == dmi {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.ReadFile(name)
}

func TestNotRoot(t *testing.T) {
	id := Read(denied{pc(dmi+"product_uuid", "4C4C4544-0042-3510-8052-B3C04F4B4E32")}, "")
	if u, ok := id.UnreadOf(UUID); !ok || u.Err != "only root may read it" {
		t.Errorf("%+v", id)
	}
	if len(id.Of(MAC)) != 1 {
		t.Error("the address, which everybody may read, is not there")
	}
}

// What others read tells addresses and no serial number.
func TestPublic(t *testing.T) {
	id := Read(pc(dmi+"product_serial", "PF1A2B3C"), "").Public()
	if len(id.IDs) != 2 || id.IDs[0].Value != "" || id.IDs[1].Value == "" {
		t.Errorf("%+v", id)
	}
}

func TestParseBOOTIF(t *testing.T) {
	for value, want := range map[string]string{
		"01-aa-bb-cc-dd-ee-f0": "aa:bb:cc:dd:ee:f0",
		"aa:bb:cc:dd:ee:f0":    "aa:bb:cc:dd:ee:f0",
		"aa-bb-cc-dd-ee-f0":    "aa:bb:cc:dd:ee:f0",
		"20-00-11-22-33-44-55": "", // InfiniBand, whose addresses are longer
		"01-00-00-00-00-00-00": "",
		"01-aa-bb-cc-dd-ee":    "", // cut short: no address of five bytes and a type
		"eth0":                 "",
		"":                     "",
	} {
		if got, _ := ParseBOOTIF(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestIPDevice(t *testing.T) {
	for value, want := range map[string]string{
		"dhcp":               "",
		"::::lab7:eth0:dhcp": "eth0",
		"192.168.1.2:192.168.1.1:192.168.1.1:255.255.255.0:lab7:eno1:off": "eno1",
		"eno1:dhcp":                                      "eno1",
		"eno1:dhcp:1500:52:54:00:12:34:56":               "eno1",
		"[2001:db8::2]::[2001:db8::1]:64:lab7:ens3:none": "ens3",
		":::::eth1":                                      "eth1",
		"":                                               "",
	} {
		if got := IPDevice(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func FuzzBOOTIF(f *testing.F) {
	f.Add("01-aa-bb-cc-dd-ee-ff", "::::h:eth0:dhcp", "10.0.2.2:/x / nfs addr=10.0.2.2")
	f.Add("aa:bb:cc:dd:ee:ff", "[::1]:e:", "eno1\t0002000A\t0\t1\t0\t0\t0\t00FFFFFF")
	f.Fuzz(func(t *testing.T, bootif, ip, mounts string) {
		if mac, ok := ParseBOOTIF(bootif); ok {
			if again, _ := ParseMAC(mac); again != mac || len(mac) != 17 {
				t.Errorf("%q gives %q", bootif, mac)
			}
		}
		IPDevice(ip)
		if addr, ok := rootServer(mounts); ok {
			routeTo(mounts, addr)
		}
		for _, kind := range []Kind{UUID, Serial, MAC} {
			if Shared(kind, bootif) == "" && bootif == "" {
				t.Error("nothing at all identifies a machine")
			}
		}
	})
}

// What makers leave that looks like a number, and numbers that are some.
func TestNumbersOfNobody(t *testing.T) {
	for _, row := range []struct {
		kind   Kind
		value  string
		nobody bool
	}{
		{UUID, "01234567-89AB-CDEF-0123-456789ABCDEF", true},
		{UUID, "12345678-9012-3456-7890-123456789012", true},
		{UUID, "01234567-89AB-CDEF-0123-456789ABCDEE", false},
		{Serial, "0000000000000001", true},
		{Serial, "000042", false},
		{Serial, "00000A17", false},
		{BoardSerial, "Type2 - Board Serial Number", true},
		{Asset, "Type3 - Chassis Asset Tag", true},
		{Serial, "TYPE9K2LM", false},
		{Serial, "0123456789", true},
	} {
		if why := Shared(row.kind, row.value); why != "" != row.nobody {
			t.Errorf("%s %q: %q", row.kind, row.value, why)
		}
	}
}
