package settings_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// tree is a tree of files: name, text, name, text.
func tree(pairs ...string) fstest.MapFS {
	root := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		root[pairs[i]] = file(pairs[i+1])
	}
	return root
}

// checkWarning wants one warning with a text in it, or none for "".
func checkWarning(t *testing.T, errs []error, want string) {
	t.Helper()
	if want == "" && len(errs) == 0 {
		return
	}
	if want == "" || len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
		t.Errorf("warnings %v, want %q", errs, want)
	}
}
