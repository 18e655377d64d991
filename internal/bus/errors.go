package bus

import (
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Names of the errors that callers tell apart. The first three are the standard's
// own. D-Bus Specification, "Errors".
const (
	ErrInvalidArgs    = "org.freedesktop.DBus.Error.InvalidArgs"
	ErrLimitsExceeded = "org.freedesktop.DBus.Error.LimitsExceeded"
	ErrInteractive    = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"

	ErrPrefix        = "org.attune1.Error."
	ErrNotAuthorized = ErrPrefix + "NotAuthorized"
	ErrTimedOut      = ErrPrefix + "TimedOut"
	ErrGone          = ErrPrefix + "Gone"
	ErrFailed        = ErrPrefix + "Failed"
	ErrMistake       = ErrPrefix + "Mistake"
)

// An Error is one that is sent under a name of its own.
type Error struct {
	Name string
	Err  error
}

// Errorf is an error under a name.
func Errorf(name, format string, args ...any) error {
	return &Error{name, fmt.Errorf(format, args...)}
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// wire is an error as it is sent: one without a name of its own is ErrFailed. A
// name that a peer gave it is the peer's, and not sent on.
func wire(err error) *dbus.Error {
	name := ErrFailed
	var named *Error
	if errors.As(err, &named) {
		name = named.Name
	}
	return dbus.NewError(name, []any{legible(err.Error())})
}

// maxText is the most that is sent of an error: it may quote what a caller sent.
const maxText = 1024

// legible makes a text one that a bus takes: UTF-8 without NUL, and not endless.
func legible(s string) string {
	b := make([]rune, 0, min(len(s), maxText))
	for _, r := range s {
		if len(b) == maxText {
			b = append(b, '…')
			break
		}
		if r == 0 {
			r = '\uFFFD'
		}
		b = append(b, r)
	}
	return string(b)
}
