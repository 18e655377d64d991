package xconfig

import "attune/detect"

// AsLargeAs says whether a sensor is as large as the output's image: within
// 5 %, either way up, for EDID and sensor need not agree on which side is the
// width. What is of unknown size is as large as nothing.
func (o Output) AsLargeAs(in detect.Input) bool {
	return within5(in.WidthMM, o.WidthMM) && within5(in.HeightMM, o.HeightMM) ||
		within5(in.WidthMM, o.HeightMM) && within5(in.HeightMM, o.WidthMM)
}

func within5(a, b int) bool {
	return a > 0 && b > 0 && 20*max(a-b, b-a) <= max(a, b)
}
