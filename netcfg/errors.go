package netcfg

import "fmt"

// A Code says what kept a link from being as asked for. The list is closed:
// panels have a sentence for each.
type Code string

// The codes.
const (
	WrongPassword   Code = "WrongPassword"   // the network refused who we said to be; with weak radio only probably
	ServerUntrusted Code = "ServerUntrusted" // its certificate is not what the profile asks for, or not yet valid
	NoAddress       Code = "NoAddress"       // no DHCP server, and no router, gave one in time
	NoCarrier       Code = "NoCarrier"       // no cable, or nobody at its other end
	AddressConflict Code = "AddressConflict" // another machine has the address
	Protected       Code = "ProtectedLink"   // the machine's own files come by it
	Unmanaged       Code = "Unmanaged"       // somebody else manages it, or nobody may
	Unsupported     Code = "Unsupported"     // what manages the link cannot do this
	Invalid         Code = "InvalidProfile"  // it says what cannot be
	NotFound        Code = "NotFound"        // no such link, profile, job or transaction
	Busy            Code = "Busy"            // another change of the link is under way
	TimedOut        Code = "TimedOut"        // the engine was not ready in time
	Cancelled       Code = "Cancelled"       // somebody asked for that
	RolledBack      Code = "RolledBack"      // too late: it has been undone already
	EngineGone      Code = "EngineGone"      // what manages the link ended meanwhile
	NoStore         Code = "NoStore"         // nothing here outlives the machine's being switched off
	EngineFailed    Code = "EngineFailed"    // the engine said something that none of these is
)

// An Error is one with a code.
type Error struct {
	Code Code
	Err  error
}

// Errorf is an error with a code.
func Errorf(code Code, format string, args ...any) error {
	return &Error{code, fmt.Errorf(format, args...)}
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
