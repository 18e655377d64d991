package image

import (
	"fmt"
	"path"
	"strings"

	"attune/xconfig"
)

// reach says how X on this image finds what is written to Scratch: by its
// directory in /etc, which is a link or a mount, or because whoever starts X
// tells it.
func (t tree) reach(server string) xconfig.Reach {
	if server == "" {
		return xconfig.Reach{Why: "there is no X server in this image"}
	}
	for _, way := range []func() (xconfig.Reach, bool){t.byLink, t.byMount, t.byFstab, t.byMountUnit, t.byArguments} {
		if r, ok := way(); ok {
			return r
		}
	}
	return xconfig.Reach{Why: t.advice()}
}

// advice is what whoever builds the image should do.
func (t tree) advice() string {
	const link = "make /" + confDir + " a link to " + Scratch + " when the image is built"
	if n := len(t.list(confDir)); n > 0 {
		return fmt.Sprintf("X will not see what is written: %s (%d files in it now have to move to %s)", link, n, xconfig.AdminXorg)
	}
	return "X will not see what is written: " + link
}

func (t tree) byLink() (xconfig.Reach, bool) {
	real, ok := t.resolve(confDir)
	if !ok || real == confDir || "/"+real != t.scratch() {
		return xconfig.Reach{}, false
	}
	return xconfig.Reach{How: "link", Why: "/" + confDir + " is a link to " + Scratch}, true
}

// scratch is Scratch without links: /run may be one.
func (t tree) scratch() string {
	real, ok := t.resolve(Scratch[1:])
	if !ok {
		return Scratch
	}
	return "/" + real
}

// isScratch compares a path that somebody wrote with Scratch.
func (t tree) isScratch(name string) bool {
	if !path.IsAbs(name) {
		return false
	}
	real, ok := t.resolve(strings.TrimPrefix(path.Clean(name), "/"))
	return ok && "/"+real == t.scratch()
}
