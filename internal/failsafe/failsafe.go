// Package failsafe decides how far to step back when no picture comes, and
// remembers what was tried.
//
// The ladder of a machine, from the best step to the last (Steps):
//
//	planned      everything: our files by the settings, the administrator's files for X beside them
//	covered      the same, with an empty file over each of the image's X cannot read
//	last-good    the files with which there was a picture before, on this hardware and image
//	own          without the administrator's files
//	plain        and without what is asked for of displays: modes, places, a driver, a GPU
//	alone        X by itself, as if attune were not there
//	driver NAME  our files again, each remaining X driver of the GPU's ladder in turn: modesetting, fbdev, vesa
//
// The order is by likelihood: a file X names is at fault beyond doubt, what changed since there was a picture is the
// first suspect, people's files come before our own, and drivers come last,
// since most machines have one driver that works and each further one shows
// less. "alone" stands before the drivers so that no mistake of attune's takes
// a picture from a machine that has one without it. The driver dummy is no step: nobody sees
// its picture. A step which would tell X nothing else than one before it is
// left out.
//
// A step is left for the next when X says it cannot work with it (no screens
// found, a parse error), when X or the display manager dies three times without a picture in
// between or five times in one boot with pictures, each of less than five minutes, and when X
// was started and does not answer in time. An end by order counts for nothing, nor
// does a display manager which starts no display server: a greeter on a
// terminal has none, and one that waits for a server in the network comes late.
//
// A machine that hangs has no other way to tell than silence: not even the end of X
// is heard before the next boot. Two such boots running, three where the same step
// showed a picture before, count as a failure; but whoever pulls the plug looks the same.
// So silence costs no more than tries: in the boot after one with a picture the
// better step is tried again, in three such boots, each of which ends it when it is
// silent, too. And silence never takes the administrator's files away, which may be
// what locks a terminal: a machine with such files which hangs with them stays as it
// is until X, its manager or a person (`attune display failed`) says so.
//
// The state belongs to hardware, image and settings as they were: when one is
// another, it begins at the top. So it does by `attune display retry`. When all
// steps have failed the machine stays at the top, with a line on the console:
// nothing is restarted any more, and should a picture come after all, what failed
// is forgotten.
//
// Of what is kept across boots only that is believed which does no harm on a disk
// somebody plugged: steps and reasons, as printable text, and those last good files
// that hold nothing but what we write, no path among it. An administrator's file is
// part of the last good set while it is what it was then; it never comes out of the record.
//
// What is in a step's files it does not know, nor who starts X.
package failsafe
