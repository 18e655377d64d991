package status

// A Ladder is where X stands with the ways to get a picture: ladder.json.
type Ladder struct {
	Rung     string   `json:"rung"`               // the way in use
	Failures int      `json:"failures,omitempty"` // starts of the display manager that failed
	LastGood string   `json:"last_good,omitempty"`
	Why      string   `json:"why,omitempty"`
	Whys     []string `json:"whys,omitempty"` // what failed before, in order
}
