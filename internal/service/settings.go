package service

import (
	"github.com/godbus/dbus/v5"

	"attune/internal/bus"
	"attune/internal/settings"
)

// ErrNoSetting says that there is no such setting.
const ErrNoSetting = bus.ErrPrefix + "NoSetting"

// settingsOf are the properties of org.attune1.Settings.
func settingsOf(v View) map[string]any {
	wrong := []string{}
	for _, err := range v.Wrong {
		wrong = append(wrong, legible(err.Error()))
	}
	return map[string]any{"InForce": each(v.Settings.InForce(), inForce), "Warnings": wrong}
}

func inForce(e settings.Explanation) fields {
	f := fields{}
	f.text("key", e.Key)
	f.put("value", legible(e.Value))
	f.text("source", e.Winner[0].Source)
	f.text("rank", e.Winner[0].Rank.String())
	f.put("lost", uint32(len(e.Lost)))
	return f
}

// explainSetting says all there is to say of one.
func (k *keeper) explainSetting(_ *bus.Call, key string) (map[string]dbus.Variant, error) {
	k.mu.Lock()
	s := k.seen.settings
	k.mu.Unlock()
	e, err := s.Explain(key)
	if err != nil {
		return nil, bus.Errorf(ErrNoSetting, "%w", err)
	}
	f := fields{}
	f.text("key", e.Key)
	f.text("doc", e.Doc)
	f.text("want", e.Want)
	f.put("set", e.Set)
	if e.Set {
		f.put("value", legible(e.Value))
	}
	f.put("winners", each(e.Winner, candidateOf))
	f.put("losers", each(e.Lost, candidateOf))
	return f, nil
}

func candidateOf(c settings.Candidate) fields {
	f := fields{}
	f.put("value", legible(c.Value))
	f.text("source", c.Source)
	f.text("rank", c.Rank.String())
	f.text("why", c.Why)
	f.text("lost", c.Lost)
	return f
}
