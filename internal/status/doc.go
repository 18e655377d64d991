// Package status says what works on a machine, what is limited and what has
// failed, and what to do about it.
//
// Read takes the records of the last boot as they are, damaged ones too; Of
// puts them beside the facts of this moment and decides. It scans nothing,
// asks no device and changes nothing; the facts are handed to it.
package status
