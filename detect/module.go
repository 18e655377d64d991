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

func (j *moduleListJob) done() {
	for _, e := range j.entries {
		j.s.push(&moduleJob{s: j.s, name: e.Name()})
	}
}

// A moduleJob reads one directory of /sys/module.
type moduleJob struct {
	s                *scanner
	name             string
	listed           bool
	steps            []step
	initstate, taint string
}

func (j *moduleJob) next() (step, bool) {
	if !j.listed {
		j.listed = true
		return step{readDir, "module/" + j.name, ""}, true
	}
	if len(j.steps) == 0 {
		return step{}, false
	}
	st := j.steps[0]
	j.steps = j.steps[1:]
	return st, true
}

func (j *moduleJob) put(st step, r result) {
	switch st.name {
	case "initstate":
		j.initstate = line(r.text)
	case "taint":
		j.taint = line(r.text)
	default:
		for _, e := range r.entries {
			if name := e.Name(); name == "initstate" || name == "taint" {
				j.steps = append(j.steps, step{readFile, "module/" + j.name + "/" + name, name})
			}
		}
	}
}

func (j *moduleJob) done() {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	j.s.mods = append(j.s.mods, j)
}

func (j *moduleJob) module() Module {
	return Module{Name: j.name, InitState: j.initstate, Taint: j.taint}
}
