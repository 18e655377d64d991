// Package report makes one page of all that is known and was decided about a
// machine: what to look at first, then the boot as a timeline, the screens to
// scale, every decision with its reason.
//
// The page needs nothing but itself: no script, no picture and no font from
// elsewhere, and its own rules forbid the browser to fetch any. Package report
// decides nothing, reads nothing and hides nothing: private data has to be gone
// from what it is given.
package report
