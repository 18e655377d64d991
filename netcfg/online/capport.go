package online

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
)

// A word is what the network says of itself. RFC 8908 §5.
type word struct {
	captive bool
	page    string // where a person is let out, "" if it does not say
}

// The one that says that there is nobody to ask, and no need to. RFC 8910 §2.
const unrestricted = "urn:ietf:params:capport:unrestricted"

// askNetwork asks it, at the address that it gives with the link's own. Only https is
// believed, as RFC 8908 §3 demands; what else an address there may be is a person's
// business.
func (c *Checker) askNetwork(ctx context.Context, w *way, address string) (word, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || !mayBeShown(address) || address == unrestricted {
		return word{}, errors.New("the network does not say whom to ask")
	}
	const kind = "application/captive+json"
	answer, text, err := w.get(ctx, address, kind, maxBody)
	if err != nil {
		return word{}, fmt.Errorf("asking the network: %w", err)
	}
	if got, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); answer.StatusCode != http.StatusOK || got != kind {
		return word{}, fmt.Errorf("asking the network: %s, of type %q", answer.Status, got)
	}
	return parseWord(text)
}

// parseWord reads an answer.
func parseWord(text []byte) (word, error) {
	var said struct {
		Captive *bool  `json:"captive"`
		Page    string `json:"user-portal-url"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return word{}, fmt.Errorf("reading what the network says: %w", err)
	}
	if said.Captive == nil {
		return word{}, errors.New("reading what the network says: it does not say whether it is captive")
	}
	w := word{captive: *said.Captive}
	if mayBeShown(said.Page) {
		w.page = said.Page
	}
	return w, nil
}
