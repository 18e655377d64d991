// Package missing says what becomes of a test whose tool or data is absent.
//
// It is for tests alone; nothing of it is in the attune program.
package missing

import (
	"os"
	"testing"
)

// Skip ends a test whose tool or data is absent though it could be installed:
// it is skipped, or, where ATTUNE_REQUIRE is set, as make test and CI do, it
// fails.
func Skip(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("ATTUNE_REQUIRE") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
