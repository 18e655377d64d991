package kernel

import (
	"testing"

	"attune/internal/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m) }
