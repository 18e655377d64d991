package boot

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"attune/detect/kmod"
)

func TestForInitramfs(t *testing.T) {
	root := fstest.MapFS{
		initramfsFirmware: {Data: []byte("kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko amdgpu/a.bin\n" +
			"kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko amdgpu/b.bin\n" +
			"kernel/drivers/usb/host/xhci-pci-renesas.ko renesas_usb_fw.mem\n" +
			"kernel/drivers/net/ethernet/broadcom/bnx2.ko bnx2/x.fw\n" +
			"torn")},
		initramfsElsewhere: {Data: []byte("updates/dkms/nvidia-current.ko.xz\nr8168\n")},
	}
	for _, c := range []struct {
		name, cmdline string
		left          string
	}{
		{"a disk", "root=UUID=5a1e", "amdgpu bnx2"},
		{"NFS by initramfs-tools", "root=/dev/nfs ip=dhcp", "amdgpu"},
		{"NFS by dracut", "root=nfs:10.0.0.1:/x", "amdgpu"},
		{"a live image by HTTP", "root=live:http://10.0.0.1/x", "amdgpu"},
		{"a live image by live-boot", "boot=live fetch=http://10.0.0.1/x", "amdgpu"},
		{"a path which only looks so", "root=/dev/nfsdisk rootip=1", "amdgpu bnx2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{}.ForInitramfs(root, c.cmdline)
			if got := strings.Join(slices.Sorted(maps.Keys(o.Policy.Leave)), " "); got != c.left {
				t.Errorf("left %q, want %q", got, c.left)
			}
			if !o.NoDesktop || o.Warnings != nil {
				t.Errorf("desktop left alone: %v; warnings %v", o.NoDesktop, o.Warnings)
			}
			if !o.Policy.Elsewhere["nvidia_current"] || !o.Policy.Elsewhere["r8168"] {
				t.Errorf("elsewhere: %v", o.Policy.Elsewhere)
			}
		})
	}
	if why := (Options{}).ForInitramfs(root, "").Policy.Leave["amdgpu"]; !strings.Contains(why, "amdgpu/a.bin") {
		t.Errorf("the first missing file is not named: %q", why)
	}
}

// An initramfs somebody put together by hand says nothing of what it lacks.
func TestForInitramfsWithoutLists(t *testing.T) {
	if o := (Options{}).ForInitramfs(fstest.MapFS{}, ""); len(o.Warnings) != 2 || len(o.Policy.Leave) != 0 {
		t.Errorf("got %+v, want both lists missed", o)
	}
}

func TestHandover(t *testing.T) {
	record := Report{Settled: true, Took: 3 * time.Second, Loads: []Load{{Module: "nvme"}}, Plan: kmod.Plan{Denied: []kmod.Denial{
		{Module: "cirrusfb", By: kmod.ByNever}, {Module: "amdgpu", By: kmod.ByInitramfs, Source: "its firmware"}}}}
	data, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	h, err := readHandover(fstest.MapFS{"run/attune/initramfs/machine.json": {Data: data}})
	if err != nil || h == nil || !h.Settled || h.Took != 3*time.Second || len(h.Loads) != 1 {
		t.Fatalf("got %+v, %v", h, err)
	}
	if len(h.Left) != 1 || h.Left[0].Module != "amdgpu" {
		t.Errorf("left: %+v", h.Left)
	}
	if h, err := readHandover(fstest.MapFS{}); h != nil || err != nil {
		t.Errorf("no initramfs: got %+v, %v", h, err)
	}
	if h, err := readHandover(fstest.MapFS{"run/attune/initramfs/machine.json": {Data: data[:len(data)/2]}}); h != nil || err == nil {
		t.Errorf("torn: got %+v, %v", h, err)
	}
}

func FuzzHandover(f *testing.F) {
	f.Add([]byte(`{"settled":true,"took_ns":1,"plan":{"denied":[{"module":"amdgpu","by":"initramfs","source":"x","why":null}]}}`))
	f.Add([]byte(`{"loads":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		readHandover(fstest.MapFS{"run/attune/initramfs/machine.json": {Data: data}})
	})
}

func FuzzLeave(f *testing.F) {
	f.Add("kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko amdgpu/a.bin")
	f.Add("a b.ko /")
	f.Fuzz(func(t *testing.T, line string) {
		for m := range leave([]string{line}, rootHangsOn("")) {
			if strings.ContainsAny(m, "/-") {
				t.Errorf("%q gives a module %q", line, m)
			}
		}
	})
}
