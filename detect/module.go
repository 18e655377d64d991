package detect

import "strings"

// A moduleListJob reads the names in /sys/module, which has code built into
// the kernel as well when that code takes parameters.
type moduleListJob struct {
	s       *scanner
	step    int
	dir     Dir
	entries []string
	file    bool
}

func (j *moduleListJob) next() (step, bool) {
	j.step++
	switch {
	case j.step == 1:
		return step{kind: readDir, path: "module"}, true
	case j.step == 2 && j.file:
		return step{kind: readFile, path: "module/compression"}, true
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
	j.dir = r.dir
	for _, e := range r.entries {
		switch {
		case e.Name == "compression":
			j.file = true
		case e.IsDir:
			j.entries = append(j.entries, e.Name)
		}
	}
}

// done starts one job for all modules: they are small.
func (j *moduleListJob) done() {
	j.s.push(&moduleJob{s: j.s, dir: j.dir, entries: j.entries})
	j.dir, j.entries = nil, nil
}

// A moduleJob reads directories of /sys/module. It does not list them: only
// initstate is sure to be there for a module and never for built-in code.
type moduleJob struct {
	s       *scanner
	dir     Dir
	entries []string
	step    int
	found   []Module
}

func (j *moduleJob) in(name string) step { return step{readFile, "module/" + name, name, j.dir} }

func (j *moduleJob) next() (step, bool) {
	if n := len(j.found); n > 0 && j.step == 1 && j.found[n-1].InitState != "" {
		j.step = 2
		return j.in(j.found[n-1].Name + "/taint"), true
	}
	if len(j.entries) == 0 {
		return step{}, false
	}
	name := j.entries[0]
	j.entries, j.step = j.entries[1:], 1
	j.found = append(j.found, Module{Name: name})
	return j.in(name + "/initstate"), true
}

func (j *moduleJob) put(st step, r result) {
	m := &j.found[len(j.found)-1]
	if strings.HasSuffix(st.name, "/taint") {
		m.Taint = line(r.text)
	} else {
		m.InitState = line(r.text)
	}
}

func (j *moduleJob) done() {
	if j.dir != nil {
		j.dir.Close()
		j.dir = nil
	}
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	j.s.mods = append(j.s.mods, j.found...)
}
