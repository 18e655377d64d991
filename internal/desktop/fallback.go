package desktop

import (
	"slices"

	"attune/xconfig"
)

// stepBack leaves out of facts and preferences what the step a machine stands
// on leaves out.
func stepBack(f xconfig.Facts, p xconfig.Preferences) (xconfig.Facts, xconfig.Preferences) {
	switch p.Fallback.Step {
	case "", xconfig.StepCovered:
	case xconfig.StepGood:
		f.Image.DropIns = theirsOf(p.Fallback.Files)
	case xconfig.StepOwn:
		f.Image.DropIns = nil
	default:
		f.Image.DropIns, p = nil, p.Plainly()
	}
	return f, p
}

// filesOfStep are the files of a plan as far as the step has them, for X; others
// stay.
func filesOfStep(files []xconfig.File, to xconfig.Fallback) []xconfig.File {
	if to.Step != xconfig.StepGood && to.Step != xconfig.StepAlone {
		return files
	}
	files = slices.DeleteFunc(files, func(f xconfig.File) bool { return f.Dir == xconfig.DirXorg })
	for _, name := range []string{xconfig.FileInput, xconfig.FileOutput} {
		if data, ok := to.Files[name]; ok {
			files = append(files, xconfig.File{Dir: xconfig.DirXorg, Name: name, Data: data, Why: "there was a picture with it before"})
		}
	}
	return files
}

// theirsOf are those of X's files that we did not write.
func theirsOf(files map[string][]byte) map[string][]byte {
	theirs := map[string][]byte{}
	for name, data := range files {
		if name != xconfig.FileInput && name != xconfig.FileOutput {
			theirs[name] = data
		}
	}
	return theirs
}
