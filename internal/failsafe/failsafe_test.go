package failsafe

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"attune/xconfig"
)

// ladderOf is a machine with these steps, by their keys.
func ladderOf(keys ...string) Facts {
	f := Facts{Hardware: "h", Image: "i", Settings: "s"}
	for _, key := range keys {
		name, driver, _ := strings.Cut(key, " ")
		f.Steps = append(f.Steps, Step{Name: name, Driver: driver, Why: "w"})
	}
	return f
}

// bare has no files of an administrator.
var bare = ladderOf(Planned, "alone", "driver modesetting")

var full = ladderOf(Planned, "own", "alone", "driver modesetting", "driver fbdev")

// outputOf is a file for X as we write them, with the step's name in it.
func outputOf(step string) []byte {
	return fmt.Appendf(nil, "Section \"Monitor\"\n\tIdentifier %q\nEndSection\n", step)
}

// play reads events from a line: "b1" another boot, "s" X is started, "ok",
// "no" X says that it cannot, "die", "stop" at once, "wait" stopped after a minute, "none"
// nobody starts one, "long" an hour goes by, "retry", "hw", "image", "settings" another of these.
func play(t *testing.T, f Facts, events string) (State, Facts) {
	t.Helper()
	var s State
	boot, up := "b0", time.Minute
	for _, word := range strings.Fields(events) {
		e := Event{Boot: boot, Up: up}
		switch word {
		case "s":
			e.Kind = Started
		case "ok":
			e.Kind, e.Files = Shown, map[string][]byte{"90-attune-output.conf": outputOf(s.Decide(f).Step.Key())}
		case "no":
			e.Kind, e.Why, e.Decisive = Failed, "no screens found", true
		case "die":
			e.Kind, e.Why = Failed, "signal 11"
		case "stop":
			e.Kind = Stopped
		case "wait":
			up += time.Minute
			e.Kind, e.Up = Stopped, up
		case "none":
			e.Kind = None
		case "long":
			up += time.Hour
			continue
		case "retry":
			e.Kind = Retry
		case "hw":
			f.Hardware += "'"
			continue
		case "image":
			f.Image += "'"
			continue
		case "settings":
			f.Settings += "'"
			continue
		default:
			if word[0] != 'b' {
				t.Fatalf("no event %q", word)
			}
			boot = word
			e.Boot, e.Kind, e.Up = boot, Booted, 10*time.Second
			up = e.Up
		}
		s = s.After(e, f)
	}
	return s, f
}

func TestEvents(t *testing.T) {
	for _, row := range []struct {
		name, events, want string
		reset              bool
	}{
		{name: "a machine nothing is known of", want: Planned},
		{name: "a picture", events: "s ok", want: Planned},
		{name: "X says it cannot", events: "s no", want: "own"},
		{name: "and again", events: "s no s no", want: "alone"},
		{name: "X dies twice", events: "s die s die", want: Planned},
		{name: "X dies three times", events: "s die s die s die", want: "own"},
		{name: "deaths are of one step", events: "s die s die s no s die s die", want: "own"},
		{name: "a picture forgives deaths", events: "s die s die s ok die s die", want: Planned},
		{name: "dying after the picture, three times", events: "s ok die s die s die", want: "own"},
		{name: "deaths are of one boot", events: "s die s die b1 s die", want: Planned},
		{name: "a kiosk switched off quickly, once", events: "b1 s b2 s ok", want: Planned},
		{name: "switched off in an orderly way at once, every day", events: "b1 s stop b2 s stop b3 s stop b4 s stop", want: Planned},
		{name: "the plug pulled again and again never takes the administrator's files", events: "b1 s ok b2 s b3 s b4 s b5 s b6 s b7", want: Planned},
		{name: "nor where there was no picture yet", events: "b1 s b2 s b3 s b4", want: Planned},
		{name: "once X has spoken against them, silence takes it further", events: "b1 s no s b2 s b3", want: "alone"},
		{name: "somebody stops it after a minute, again and again", events: "b1 s wait b2 s wait s wait s wait b3 s wait", want: Planned},
		{name: "a greeter on a terminal, the plug pulled", events: "b1 s none b2 s none b3 s none b4 s none b5", want: Planned},
		{name: "a greeter on a terminal, started anew", events: "b1 s none s none s none s none", want: Planned},
		{name: "it dies after each picture", events: "s ok die s ok die s ok die s ok die s ok die", want: "own"},
		{name: "it dies after each picture, one time less", events: "s ok die s ok die s ok die s ok die s ok", want: Planned},
		{name: "it dies after each picture, of hours", events: "s ok long die s ok long die s ok long die s ok long die s ok long die s ok long die", want: Planned},
		{name: "the end of a server whose step was left already", events: "s no die die die", want: "own"},
		{name: "the end of a server after its end", events: "s ok stop die die die", want: Planned},
		{name: "down to a step that works, and it stays", events: "s no s no s ok b1 s ok b2 s ok", want: "alone"},
		{name: "all the way down", events: "s no s no s no s no", want: "driver fbdev"},
		{name: "nothing works: the top, and a line", events: "s no s no s no s no s no", want: "exhausted planned"},
		{name: "after that nothing changes by itself", events: "s no s no s no s no s no s no b1 s no s die s die s die", want: "exhausted planned"},
		{name: "but a picture after all", events: "s no s no s no s no s no b1 s ok", want: Planned, reset: true},
		{name: "another GPU", events: "s no s no hw", want: Planned, reset: true},
		{name: "another image", events: "s no image", want: Planned, reset: true},
		{name: "other settings, on an exhausted machine", events: "s no s no s no s no s no settings", want: Planned, reset: true},
		{name: "somebody asks", events: "s no s no retry", want: Planned, reset: true},
		{name: "another GPU while X is starting", events: "s no s hw b1", want: Planned, reset: true},
		{name: "an end nobody began", events: "stop", want: Planned},
		{name: "started twice without a word, under an init that tells no ends", events: "s s ok", want: Planned},
		{name: "started again and again without a word", events: "s s s s", want: "own"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, f := play(t, full, row.events)
			d := s.Decide(f)
			got := d.Step.Key()
			if d.Exhausted {
				got = "exhausted " + got
			}
			if got != row.want || (d.Reset != "") != row.reset {
				t.Errorf("stands on %q (%s), reset %q; want %q\n%+v", got, d.Why, d.Reset, row.want, s)
			}
			if d.Number > 1 && (d.Why == "" || d.Fallback(nil).Text() == "") {
				t.Error("a step down without a why")
			}
		})
	}
}

// On a machine without an administrator's files silence may take a step, and
// costs no more than tries: after a picture the better one is tried again, three times.
func TestUnheard(t *testing.T) {
	for _, row := range []struct {
		name, events, want string
	}{
		{"the plug pulled in two boots running", "b1 s b2 s b3", "alone"},
		{"a picture in between", "b1 s b2 s ok b3 s b4", Planned},
		{"where it worked before, two are borne", "b1 s ok b2 s b3 s b4", Planned},
		{"where it worked before, three are not", "b1 s ok b2 s b3 s b4 s b5", "alone"},
		{"a step that works stays for that boot", "b1 s b2 s b3 s ok die s ok", "alone"},
		{"at the next one the better is tried again", "b1 s b2 s b3 s ok b4", Planned},
		{"and stays when it works", "b1 s b2 s b3 s ok b4 s ok b5 s b6 s b7", Planned},
		{"not before there was a picture", "b1 s b2 s b3 s b4", "alone"},
		{"it hangs again: one boot is enough", "b1 s b2 s b3 s ok b4 s b5", "alone"},
		{"and once more after the next picture", "b1 s b2 s b3 s ok b4 s b5 s ok b6", Planned},
		{"three times", "b1 s b2 s b3 s ok b4 s b5 s ok b6 s b7 s ok b8 s b9 s ok b10", "alone"},
		{"what X has said stays said", "b1 s no s ok b2 s ok b3", "alone"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, f := play(t, bare, row.events)
			if d := s.Decide(f); d.Step.Key() != row.want || d.Exhausted {
				t.Errorf("stands on %q (%s), want %q\n%+v", d.Step.Key(), d.Why, row.want, s)
			}
		})
	}
}

// What showed a picture before is a step once the settings are others, on the
// same hardware and image.
func TestLastGood(t *testing.T) {
	for _, row := range []struct {
		events string
		want   bool
	}{
		{"s ok", false},
		{"s ok settings", true},
		{"s ok settings s no", true},
		{"s ok settings image", false},
		{"s ok hw", false},
		{"s no settings", false},
	} {
		s, f := play(t, full, row.events)
		if got := s.on(f).Good.fits(f); got != row.want {
			t.Errorf("%s: %v", row.events, got)
		}
	}
	s, f := play(t, full, "s ok settings s no")
	f.Steps = append([]Step{f.Steps[0], {Name: xconfig.StepGood}}, f.Steps[1:]...)
	to := s.Decide(f).Fallback(nil)
	if to.Step != xconfig.StepGood || !bytes.Equal(to.Files["90-attune-output.conf"], outputOf(Planned)) {
		t.Errorf("%+v", to)
	}
}

// Whatever is heard, in whatever order: each step is left at most once, so
// that at most as many starts are ours; where nothing works all ends in the line on the
// console, and a change of hardware, image or settings always leads back to the top.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("sdsdsdsnsnsnsn"), byte(5))
	f.Add([]byte("1s2s3s4s5s"), byte(3))
	f.Add([]byte("snsk1snrhsn"), byte(1))
	f.Fuzz(func(t *testing.T, events []byte, n byte) {
		events = events[:min(len(events), 1000)]
		facts := ladderOf(full.Steps[0].Key())
		for i := range int(n % 6) {
			facts.Steps = append(facts.Steps, Step{Name: "driver", Driver: fmt.Sprint(i)})
		}
		var s State
		boot, up, left := "0", time.Duration(0), 0
		for _, c := range events {
			before := s.Decide(facts)
			up += time.Duration(c) * time.Second
			e := Event{Boot: boot, Up: up, Kind: Booted}
			switch c {
			case 's':
				e.Kind = Started
			case 'k':
				e.Kind = Shown
			case 'n':
				e.Kind, e.Decisive = Failed, true
			case 'd':
				e.Kind = Failed
			case 'x':
				e.Kind = Stopped
			case 'r':
				e.Kind = Retry
			case 'h':
				facts.Hardware += "."
				if d := s.Decide(facts); d.Number != 1 || d.Exhausted || len(d.Failed) > 0 {
					t.Fatalf("on other hardware: %+v", d)
				}
				left = 0
			default:
				boot, up = string(c), 0
				e.Boot, e.Up = boot, 0
			}
			s = s.After(e, facts)
			now := s.Decide(facts)
			switch {
			case s.Again > maxAgain:
				t.Fatalf("for ever: %+v", s)
			case now.Number > before.Number || now.Exhausted && !before.Exhausted:
				left++
			case len(now.Failed) < len(before.Failed):
				left = len(now.Failed)
			}
			if left > len(facts.Steps) || len(s.Failed) > len(facts.Steps) {
				t.Fatalf("%d steps left of %d: %+v", left, len(facts.Steps), s)
			}
			if now.Number < 1 || now.Number > now.Of || now.Exhausted != (len(s.Failed) == len(facts.Steps)) {
				t.Fatalf("%+v of %+v", now, s)
			}
		}
		for range len(facts.Steps) { // from here on nothing works
			s = s.After(Event{Kind: Started, Boot: boot, Up: up}, facts)
			s = s.After(Event{Kind: Failed, Boot: boot, Up: up, Decisive: true}, facts)
		}
		if !s.Decide(facts).Exhausted {
			t.Fatalf("no line on the console: %+v", s)
		}
	})
}
