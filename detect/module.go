package detect

import "io/fs"

// A moduleListJob reads the names in /sys/module, which has code built into
// the kernel as well when that code takes parameters.
type moduleListJob struct {
	s       *scanner
	step    int
	entries []fs.DirEntry
	file    bool
}

func (j *moduleListJob) next() (step, bool) {
	j.step++
	switch {
	case j.step == 1:
		return step{readDir, "module", ""}, true
	case j.step == 2 && j.file:
		return step{readFile, "module/compression", ""}, true
	}
	return step{}, false
}

func (j *moduleListJob) put(st step, r result) {
	if st.kind == readFile {
		j.s.mu.Lock()
		j.s.compression = line(r.text)
		j.s.mu.Unlock()
		return
	}
	for _, e := range r.entries {
		switch {
		case e.Name() == "compression":
			j.file = true
		case e.IsDir():
			j.entries = append(j.entries, e)
		}
	}
}

// done starts one job for many modules: they are small.
func (j *moduleListJob) done() {
	const batch = 32
	for len(j.entries) > 0 {
		n := min(batch, len(j.entries))
		j.s.push(&moduleJob{s: j.s, entries: j.entries[:n]})
		j.entries = j.entries[n:]
	}
}

// A moduleJob reads directories of /sys/module. It does not list them: only
// initstate is sure to be there for a module and never for built-in code.
type moduleJob struct {
	s       *scanner
	entries []fs.DirEntry
	step    int
	found   []Module
}

func (j *moduleJob) next() (step, bool) {
	if n := len(j.found); n > 0 && j.step == 1 && j.found[n-1].InitState != "" {
		j.step = 2
		return step{readFile, "module/" + j.found[n-1].Name + "/taint", "taint"}, true
	}
	if len(j.entries) == 0 {
		return step{}, false
	}
	name := j.entries[0].Name()
	j.entries, j.step = j.entries[1:], 1
	j.found = append(j.found, Module{Name: name})
	return step{readFile, "module/" + name + "/initstate", "initstate"}, true
}

func (j *moduleJob) put(st step, r result) {
	m := &j.found[len(j.found)-1]
	if st.name == "taint" {
		m.Taint = line(r.text)
	} else {
		m.InitState = line(r.text)
	}
}

func (j *moduleJob) done() {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	j.s.mods = append(j.s.mods, j.found...)
}
