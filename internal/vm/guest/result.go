package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// writeResult puts the result on its disk: far faster than a serial line, and
// nothing else writes there.
func writeResult(r *job.Result) error {
	r.Dmesg = dmesg()
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	disk, err := findDisk(job.ResultDisk)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(disk, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s%016d\n%s", job.Magic, len(data), data); err != nil {
		return err
	}
	return f.Sync()
}

// dmesg is the kernel's log, as far back as it reaches.
func dmesg() string {
	size, err := unix.Klogctl(unix.SYSLOG_ACTION_SIZE_BUFFER, nil)
	if err != nil {
		return ""
	}
	buf := make([]byte, size)
	n, err := unix.Klogctl(unix.SYSLOG_ACTION_READ_ALL, buf)
	if err != nil {
		return ""
	}
	return string(buf[:n])
}

// powerOff ends the machine. A shutdown would ask each driver to stop its
// device, and some emulated ones take seconds: end QEMU by its exit port.
func powerOff() {
	unix.Sync() // of what keeps its contents, if anything does
	if f, err := os.OpenFile("/dev/port", os.O_WRONLY, 0); err == nil {
		f.WriteAt([]byte{job.ExitByte}, job.ExitPort)
		time.Sleep(time.Second)
	}
	unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
}
