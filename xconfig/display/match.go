package display

import "attune/xconfig"

// matches says whether every field of a match that is set holds for the head.
func (h *head) matches(m xconfig.Match) bool { return h.out.Matches(m) }
