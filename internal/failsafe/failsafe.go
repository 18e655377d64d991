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
// found, a parse error), when X or the display manager dies three times without
// having stayed, when X does not answer in time, and when the machine is
// switched off or hangs with the step untold of in two boots running, three where the same step
// showed a picture before. One such boot is somebody in a hurry; an orderly
// shutdown right after the start counts for nothing. A machine that hangs has no other
// way to tell.
//
// The state belongs to hardware, image and settings as they were: when one is
// another, it begins at the top. So it does by `attune display retry`. When all
// steps have failed the machine stays at the top, with a line on the console:
// nothing is restarted any more, and should a picture come after all, what failed
// is forgotten.
//
// What is in a step's files it does not know, nor who starts X.
package failsafe
