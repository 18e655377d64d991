// Package notify tells those who wait or watch: the service manager that a
// service is ready, the journal what was found, a person at the console what
// keeps the picture away.
//
// It does not know what is told and decides nothing; where nobody listens,
// nothing is lost but the message.
package notify

import (
	"fmt"
	"strings"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Ready tells the service manager that what comes after this service may
// start, and in a few words how it went. Without a manager nothing happens.
// sd_notify(3), READY=1 and STATUS=.
func Ready(status string) error {
	if _, err := daemon.SdNotify(false, daemon.SdNotifyReady+"\nSTATUS="+oneLine(status)); err != nil {
		return fmt.Errorf("telling the service manager: %w", err)
	}
	return nil
}

// oneLine keeps what is told from being read as two messages.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
