package edid

// NonDesktop says that no desktop belongs on the display: a head-mounted one.
// DisplayID has it as product type or use case; Microsoft's block has it since
// before that, and its version 3 says so with a bit.
func (e *EDID) NonDesktop() bool {
	if d := e.DisplayID; d != nil && d.Kind.headMounted() {
		return true
	}
	if e.CTA == nil || e.CTA.Microsoft == nil {
		return false
	}
	m := e.CTA.Microsoft
	return m.Version == 1 || m.Version == 2 || m.Version == 3 && !m.Desktop
}
