package records

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/state"
	"attune/internal/state/statetest"
)

// machine is a root with a state directory on whatever the tests run on. Its
// store takes it for one that lasts, though it may be a tmpfs.
func machine(t *testing.T) (*Store, string) {
	t.Helper()
	root := t.TempDir()
	s := OpenStore(root, filepath.Join(root, "home"), true)
	t.Cleanup(s.Close)
	if s.State.Condition == state.Volatile {
		s.State.Condition = state.Good
	}
	return s, root
}

func keyboard(layout string, scope Scope) Record {
	return Record{Version, "keyboard", scope, ByUser, Match{Machine: here}, &Keyboard{Layout: layout}}
}

// list is all there is as "SCOPE/IN layout", the weakest first.
func list(t *testing.T, root string) string {
	t.Helper()
	all, told := Read(os.DirFS(root))
	var words []string
	for _, s := range all {
		words = append(words, fmt.Sprintf("%s/%s %s", s.Scope, s.In, s.Value))
	}
	for _, f := range told {
		words = append(words, f.ID)
	}
	return strings.Join(words, ", ")
}

func TestStore(t *testing.T) {
	s, root := machine(t)
	id := keyboard("", Machine).ID()
	step := func(name string, err error, want string) {
		t.Helper()
		if got := list(t, root); got != want || err != nil {
			t.Fatalf("%s: %v: %q, want %q", name, err, got, want)
		}
	}
	put := func(layout string, scope Scope) error {
		stored, lost, err := s.Put(keyboard(layout, scope))
		if lost != nil || err == nil && (stored.In != scope || stored.ID() != id) {
			t.Errorf("%s: %+v, %v", layout, stored, lost)
		}
		if _, serr := os.Stat(filepath.Join(root, stored.Path)); err == nil && serr != nil {
			t.Error(serr)
		}
		return err
	}
	step("nothing", nil, "")
	step("one", put("de", Machine), "machine/machine de")
	step("in its place", put("fr", Machine), "machine/machine fr")
	step("for now", put("us", Ephemeral), "machine/machine fr, ephemeral/ephemeral us")
	_, _, err := s.Promote(id, Machine)
	step("for ever", err, "machine/machine us")
	step("one that is for now", put("es", Ephemeral), "machine/machine us, ephemeral/ephemeral es")
	step("gives way to a later choice", put("pl", Machine), "machine/machine pl")
	step("forgotten", s.Forget(id, ""), "")
	if err := s.Forget(id, ""); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, _, err := s.Promote(id, Machine); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, _, err := s.Put(keyboard("de", Site)); !errors.Is(err, ErrSite) {
		t.Error(err)
	}
	for _, bad := range []string{"", "..", "../../../etc/passwd", "keyboard", "keyboard-*", "keyboard-0123456789ab/x"} {
		if err := s.Forget(bad, ""); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A user's own records are in their home, and no boot hears of them.
// An older choice that cannot be taken away would win over the new one: that is told.
func TestStandInStays(t *testing.T) {
	s, root := machine(t)
	if _, _, err := s.Put(keyboard("es", Ephemeral)); err != nil {
		t.Fatal(err)
	}
	// A directory where the lock should be: nobody can lock, root neither.
	lock := filepath.Join(root, state.Run, dirName, ".lock")
	if err := errors.Join(os.Remove(lock), os.Mkdir(lock, 0o755)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Put(keyboard("pl", Machine)); err == nil {
		t.Error("nothing was told")
	}
	if got := list(t, root); got != "machine/machine pl, ephemeral/ephemeral es" {
		t.Error(got)
	}
}

func TestUserScope(t *testing.T) {
	s, root := machine(t)
	if _, _, err := s.Put(keyboard("de", User)); err != nil {
		t.Fatal(err)
	}
	if got := list(t, root); got != "" {
		t.Error(got)
	}
	own, told := ReadUser(filepath.Join(root, "home"))
	if len(own) != 1 || own[0].In != User || len(told) != 0 {
		t.Errorf("%+v %v", own, told)
	}
	if _, err := os.Stat(own[0].Path); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Promote(own[0].ID(), Machine); err != nil || list(t, root) != "machine/machine de" {
		t.Errorf("%v: %s", err, list(t, root))
	}
	nobody := OpenStore(root, "", false)
	defer nobody.Close()
	if _, _, err := nobody.Put(keyboard("de", User)); !errors.Is(err, ErrNoHome) {
		t.Error(err)
	}
}

// Whatever the state directory is like, a choice is kept, counts, and it is
// said how long for.
func TestStoreInEachCondition(t *testing.T) {
	statetest.Each(t, func(t *testing.T, c statetest.Case, dir string) {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "var/lib"), 0o755); err != nil {
			t.Fatal(err)
		}
		link := filepath.Join(root, "var/lib/attune")
		err := os.Symlink(dir, link)
		if c.Is == state.Absent { // and something in the way of making one
			err = os.WriteFile(link, nil, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		s := openStore(root, "", true, patience/4)
		defer s.Close()
		stored, lost, err := s.Put(keyboard("de", Machine))
		if err != nil {
			t.Fatal(err)
		}
		if c.Is == state.Good {
			if lost != nil || stored.In != Machine {
				t.Errorf("%+v, %v", stored, lost)
			}
			return
		}
		f, _ := state.State{Condition: c.Is}.Finding()
		if lost == nil || lost.ID != f.ID || stored.In != Ephemeral || stored.Scope != Machine {
			t.Fatalf("%+v, %+v; want %s", stored, lost, f.ID)
		}
		run, told := Read(os.DirFS(root))
		if len(run) != 1 || run[0].Value.String() != "de" || c.Is == state.Hanging && len(told) != 1 {
			t.Errorf("%+v %v", run, told)
		}
	})
}

// What found no room goes home when there is some.
func TestSettle(t *testing.T) {
	s, root := machine(t)
	good := s.State
	s.State.Condition = state.Full
	if _, lost, err := s.Put(keyboard("de", Machine)); err != nil || lost == nil || lost.ID != "state.full" {
		t.Fatal(lost, err)
	}
	if _, _, err := s.Put(Record{Version, "keyboard", Ephemeral, ByUser, Match{}, &Keyboard{Layout: "us"}}); err != nil {
		t.Fatal(err)
	}
	if moved, err := s.Settle(); len(moved) != 0 || err != nil {
		t.Error(moved, err)
	}
	s.State = good
	if moved, err := s.Settle(); len(moved) != 1 || err != nil {
		t.Error(moved, err)
	}
	if got := list(t, root); got != "machine/machine de, ephemeral/ephemeral us" {
		t.Error(got)
	}
}

// A damaged record is put aside and the rest goes on; chosen anew it is gone.
func TestTidy(t *testing.T) {
	s, root := machine(t)
	for _, r := range examples() {
		r.Scope = Machine
		if _, _, err := s.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(root, "var/lib/attune/records")
	broken := filepath.Join(dir, examples()[0].ID()+suffix)
	for name, text := range map[string]string{
		broken: "{\"version\": 1, \"kind\": \"keyb",
		filepath.Join(dir, "wifi-0123456789ab.json"): `{"version": 2, "kind": "wifi", "colour": "blue"}`,
		filepath.Join(dir, "mine.json"):              "not a record, and not ours by its name",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, root); got != "machine/machine DP-1 1920x1080@60 primary, machine/machine on the internal display turned left, records.corrupt, records.corrupt, records.newer" {
		t.Error(got)
	}
	aside, err := s.Tidy()
	if err != nil || len(aside) != 1 || aside[0] != broken+badSuffix {
		t.Errorf("%q, %v", aside, err)
	}
	if again, err := s.Tidy(); err != nil || len(again) != 0 {
		t.Errorf("%q, %v", again, err)
	}
	if _, told := Read(os.DirFS(root)); len(told) != 3 {
		t.Errorf("%v", told)
	}
	if _, _, err := s.Put(examples()[0]); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(broken + badSuffix); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A disk that goes bad does not fill up with what it spoils.
func TestFewBad(t *testing.T) {
	s, root := machine(t)
	for range 3 {
		for i := range 9 {
			name := fmt.Sprintf("var/lib/attune/records/keyboard-%012x.json", i)
			if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, name), make([]byte, i*MaxFile/4), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if aside, err := s.Tidy(); len(aside) != 9 || err != nil {
			t.Errorf("%q %v", aside, err)
		}
		if left, _ := filepath.Glob(filepath.Join(root, "var/lib/attune/records/*.bad")); len(left) != maxBad {
			t.Errorf("%q", left)
		}
	}
}

// What a newer version wrote is nobody's to write over.
func TestNewerIsLeft(t *testing.T) {
	s, root := machine(t)
	id := keyboard("", Machine).ID()
	name := filepath.Join(root, "var/lib/attune/records", id+suffix)
	const text = `{"version": 2, "kind": "keyboard", "colour": "blue"}`
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, lost, err := s.Put(keyboard("de", Machine)); !errors.Is(err, ErrNewer) || lost != nil {
		t.Error(lost, err)
	}
	if aside, err := s.Tidy(); len(aside) != 0 || err != nil {
		t.Error(aside, err)
	}
	if data, _ := os.ReadFile(name); string(data) != text {
		t.Errorf("%s", data)
	}
	if err := s.Forget(id, Machine); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Put(keyboard("de", Machine)); err != nil {
		t.Error(err)
	}
}

// There is an end to how many are kept, and at it one can still be changed.
func TestTooMany(t *testing.T) {
	s, _ := machine(t)
	of := func(i int) Record {
		return Record{Version, "touch", Machine, ByUser, Match{Device: Device{ID: fmt.Sprintf("f00d:%04x", i)}}, &Touch{}}
	}
	for i := range maxRecords {
		if _, _, err := s.Put(of(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, lost, err := s.Put(of(maxRecords)); !errors.Is(err, ErrTooMany) || lost != nil {
		t.Error(lost, err)
	}
	r := of(7)
	r.Value = &Touch{Rotate: "left"}
	if _, _, err := s.Put(r); err != nil {
		t.Error(err)
	}
}

func TestReset(t *testing.T) {
	s, root := machine(t)
	for _, scope := range []Scope{Machine, Ephemeral, User} {
		if _, _, err := s.Put(keyboard("de", scope)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"displays/card/DP-1.edid", "records/x.json.bad", "records/keyboard-x.json", "lost+found/theirs"} {
		name = filepath.Join(root, "var/lib/attune", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Reset(Machine); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(root, "var/lib/attune/*/*"))
	if len(left) != 1 || filepath.Base(left[0]) != "theirs" || list(t, root) != "ephemeral/ephemeral de" {
		t.Errorf("%q, %s", left, list(t, root))
	}
	if err := errors.Join(s.Reset(Ephemeral), s.Reset(User), s.Reset(User)); err != nil || list(t, root) != "" {
		t.Error(err)
	}
	if err := s.Reset(Site); !errors.Is(err, ErrSite) {
		t.Error(err)
	}
}

// A secret is kept for root alone, shown to nobody, and its file's name tells
// nothing of what it is about.
func TestSecret(t *testing.T) {
	kinds = append(kinds, Kind{"wifitest", "a network", true, func() Value { return new(secret) }, needNoParts})
	defer func() { kinds = kinds[:len(kinds)-1] }()
	s, root := machine(t)
	r := Record{Version, "wifitest", Machine, ByUser, Match{}, &secret{SSID: "../../attic \x00\xff", Key: "hunter2"}}
	stored, _, err := s.Put(r)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(root, stored.Path))
	if err != nil || info.Mode().Perm() != 0o600 || !isID(stored.ID()) || !stored.Secret() {
		t.Errorf("%v %v %s", info.Mode(), err, stored.ID())
	}
	if strings.Contains(stored.Value.String(), "hunter2") {
		t.Error("the secret is in what people see")
	}
	r.Value = &secret{SSID: "other", Key: "hunter2"}
	if r.ID() == stored.ID() {
		t.Error("two networks, one record")
	}
	all, told := Read(os.DirFS(root))
	if len(all) != 1 || len(told) != 0 || all[0].Value.(*secret).Key != "hunter2" {
		t.Errorf("%+v %v", all, told)
	}
}

// secret stands for kinds to come: a network and its key.
type secret struct{ SSID, Key string }

func (s *secret) check() error   { return nil }
func (s *secret) String() string { return fmt.Sprintf("%q", s.SSID) }
func (s *secret) key() string    { return s.SSID }

// A choice for now leaves alone what waits to be taken home, and that what was
// chosen for now, later.
func TestWaitingBesideEphemeral(t *testing.T) {
	s, root := machine(t)
	good := s.State
	s.State.Condition = state.ReadOnly
	step := func(name, want string) {
		t.Helper()
		if got := list(t, root); got != want {
			t.Fatalf("%s: %q, want %q", name, got, want)
		}
	}
	put := func(layout string, scope Scope) {
		t.Helper()
		if stored, lost, err := s.Put(keyboard(layout, scope)); err != nil || lost == nil != (scope == Ephemeral) || stored.In != Ephemeral {
			t.Fatal(stored, lost, err)
		}
	}
	put("de", Machine)
	put("fr", Ephemeral)
	step("both are there", "machine/ephemeral de, ephemeral/ephemeral fr")
	s.State = good
	if moved, err := s.Settle(); len(moved) != 1 || err != nil {
		t.Fatal(moved, err)
	}
	step("one is home", "machine/machine de, ephemeral/ephemeral fr")
	s.State.Condition = state.ReadOnly
	put("pl", Machine)
	step("chosen later, it counts now", "machine/machine de, machine/ephemeral pl")
	id := keyboard("", Machine).ID()
	if _, lost, err := s.Promote(id, Machine); err != nil || lost == nil {
		t.Fatal(lost, err)
	}
	step("there is no better place yet", "machine/machine de, machine/ephemeral pl")
	if err := s.Forget(id, Ephemeral); err != nil {
		t.Fatal(err)
	}
	step("forgotten", "machine/machine de")
}

// A file is named after what is in it; whoever puts one beside it under another
// name adds nothing.
func TestNamesOfRecords(t *testing.T) {
	r := keyboard("de", Machine)
	data, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	other := keyboard("fr", Site)
	site, err := Encode(other)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"a name of a line and more", map[string][]byte{"var/lib/attune/records/evil\nname.json": data, "var/lib/attune/records/" + r.ID() + ".json": data}, "machine/machine de, records.unread"},
		{"another record's", map[string][]byte{"run/attune/records/touch-000000000000.json": data}, "records.unread"},
		{"two of one", map[string][]byte{"run/attune/records/keyboard-000000000000.json": data, "run/attune/records/keyboard-000000000001.json": data}, "machine/ephemeral de, records.unread"},
		{"the house's may be named as it likes", map[string][]byte{"etc/attune/records/lab.json": site}, "site/site fr"},
		{"but once", map[string][]byte{"etc/attune/records/a.json": site, "etc/attune/records/b.json": site}, "site/site fr, records.unread"},
		{"and on one line", map[string][]byte{"etc/attune/records/a\nb.json": site}, "records.unread"},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			for name, data := range row.files {
				at := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := list(t, root); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

// What is wrong in a home is named where it is.
func TestUserFindings(t *testing.T) {
	home := t.TempDir()
	at := filepath.Join(home, "attune/records/keyboard-000000000000.json")
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, told := ReadUser(home); len(told) != 1 || told[0].Subject != at {
		t.Errorf("%+v", told)
	}
}
