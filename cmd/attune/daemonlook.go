package main

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"

	"attune/detect"
	"attune/detect/uevent"
	"attune/internal/inspect"
	"attune/internal/service"
	"attune/internal/settings"
	"attune/internal/status"
)

// A looker looks at the machine for the service, again and again.
type looker struct {
	*machine
	known inspect.Known
	asked atomic.Pointer[settings.Settings] // at the last look; nil: there was none
}

// policy is who may what by the settings. Before the first look those of a
// particular machine alone are not known.
func (l *looker) policy() service.Policy {
	s := l.asked.Load()
	if s == nil {
		now, _ := settings.Read(l.FS, l.Cmdline, settings.Machine{}) // what is wrong the look tells
		s = &now
	}
	return service.PolicyOf(l.FS, s.Authority)
}

// area is the machine as the service has it.
func (l *looker) area() service.Area {
	return service.Machine{Look: l.look, Names: l.names, Hear: l.hear()}.Area()
}

func (l *looker) look(changed service.Concern) (service.View, error) {
	if changed&(service.Displays|service.Inputs|service.Records) != 0 {
		l.known.ForgetDesktop()
	}
	f, err := l.StatusAgain(&l.known)
	if err != nil {
		return service.View{}, err
	}
	v := service.View{Facts: f}
	if f.Plan != nil {
		v.Settings, v.Wrong = l.SettingsFor(f.Plan.Facts)
	} else {
		v.Settings, v.Wrong = l.Settings()
	}
	l.asked.Store(&v.Settings)
	return v, nil
}

// names are looked up in lists that are read for the purpose.
func (l *looker) names() func(detect.Device) string { return l.Names().Text }

// hear are who tells what changes: the kernel, of this machine, and the files of
// the last boot and of those who run the machine.
func (l *looker) hear() []service.Source {
	var all []service.Source
	if l.Live {
		all = append(all, service.Uevents(func() (service.Listener, error) { return uevent.Dial(listenBuffer) }))
	}
	if info, err := os.Stat(l.Name); err == nil && info.IsDir() {
		var dirs []string
		for _, dir := range []string{"run/attune", "etc/attune", "etc/attune/machines", "etc/attune/profiles", "etc/attune/quirks.d", "etc/attune/vendor.d"} {
			dirs = append(dirs, filepath.Join(l.Name, dir))
		}
		all = append(all, service.Files(isRecord, dirs...))
	}
	return all
}

// listenBuffer is room for some hundred events. When it is full the service looks
// at everything, so that more would be of no use.
const listenBuffer = 256 << 10

// isRecord says whether a file of these directories is one that a look reads.
func isRecord(name string) bool {
	return name == path.Base(status.MachineFile) || name == path.Base(status.LadderFile) || strings.HasSuffix(name, ".toml")
}
