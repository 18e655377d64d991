// Package nodes answers for the device nodes of the machine we run on. It is
// the live side of detect.NodeAsker; it knows no deadline, its callers have
// one for each question.
package nodes

import (
	"attune/detect"
	"attune/detect/drm"
	"attune/detect/evdev"
)

// Live is the machine we run on. Whoever may not open the nodes gets an error
// for each, which a scan lists among its problems.
func Live() detect.NodeAsker { return live{} }

type live struct{}

func (live) Connectors(node string) ([]detect.ConnectorFacts, error) { return drm.Connectors(node) }
func (live) Axes(node string) ([]detect.Axis, error)                 { return evdev.Axes(node) }
