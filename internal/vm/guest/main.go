// Command guest is the first and only program of a test machine: started by
// the kernel as /init, it mounts the root image, does the steps of its job,
// writes the result to a disk and ends the machine.
//
// With a job that wants the image's own system it hands over to that instead,
// and comes back as a service of it, which does the steps.
//
// It is built static by package vm, which puts it into the initramfs. It does
// not judge what it sees.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == nbdWord {
		fmt.Println("guest: the connection to the root image ended:", keepNBD(os.Args[2]))
		os.Exit(1)
	}
	asService := len(os.Args) == 2 && os.Args[1] == serviceWord
	if os.Getpid() != 1 && !asService {
		fmt.Fprintln(os.Stderr, "guest: this is the init of a test machine, nothing to run by hand")
		os.Exit(2)
	}
	if !asService {
		fmt.Println(job.Hello)
	}
	r := &job.Result{}
	if err := live(r, asService); err != nil {
		r.Err = err.Error()
		fmt.Println("guest:", err)
	}
	if err := writeResult(r); err != nil {
		fmt.Println("guest: writing the result:", err)
	}
	powerOff()
}

// live does the whole job. What it found before an error is in r.
func live(r *job.Result, asService bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	var j job.Job
	if asService {
		if j, err = readJob(filepath.Join("/", job.Dir, job.File)); err != nil {
			return err
		}
		toConsole()
	} else {
		if j, err = readJob("/" + job.File); err != nil {
			return err
		}
		if j.System {
			return handOver(j) // comes back only with an error
		}
		if err := enterRoot(j); err != nil {
			return err
		}
	}
	r.Release, r.Cmdline = release(), readString("/proc/cmdline")
	var ev *listener
	if j.Events {
		if ev, err = listen(); err != nil {
			return fmt.Errorf("listening to kernel events: %w", err)
		}
		defer func() { r.Events, r.Lost = ev.all() }()
	}
	r.Up = uptime()
	for _, s := range j.Steps {
		r.Steps = append(r.Steps, do(s))
	}
	return nil
}

func readJob(file string) (j job.Job, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return j, err
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return j, fmt.Errorf("reading the job: %w", err)
	}
	return j, nil
}

func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// uptime is in seconds, from the same clock as /proc/uptime.
func uptime() float64 {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts) != nil {
		return 0
	}
	return float64(ts.Sec) + float64(ts.Nsec)/1e9
}
