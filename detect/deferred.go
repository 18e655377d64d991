package detect

import "strings"

// deferredList names devices whose driver asked to be tried again later. It is
// in debugfs: root only, and only where that is mounted.
const deferredList = "kernel/debug/devices_deferred"

// A deferredJob reads it.
type deferredJob struct {
	s    *scanner
	over bool
}

func (j *deferredJob) next() (step, bool) {
	if j.over {
		return step{}, false
	}
	j.over = true
	return step{kind: readFile, path: deferredList}, true
}

func (j *deferredJob) put(_ step, r result) {
	m := parseDeferred(r.text)
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	j.s.deferred = m
}

func (j *deferredJob) done() {}

// parseDeferred reads lines of a device's name and, behind a tab, the reason
// its driver gave, which may be missing: "1c0f000.mmc\tplatform: supplier
// 1c20800.pinctrl not ready". Names are not unique over buses; a clash is rare
// and costs a wrong word in a report.
func parseDeferred(text string) map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(text) {
		name, reason, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t")
		if name = strings.TrimSpace(name); name != "" {
			m[name] = clean(reason)
		}
	}
	return m
}
