package xconfig

// Rotations are the words for how a picture is turned, as RandR means them.
var Rotations = []string{"normal", "left", "right", "inverted"}

// Sideways says whether a rotation makes the picture's width the panel's height.
func Sideways(rotate string) bool { return rotate == "left" || rotate == "right" }
