package settings

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"attune/xconfig"
)

// A bare value comes from where there is nothing but text: the kernel command
// line, a credential. A text of TOML is a string and no number.
type bare string

// A reading makes one kind of value of v, which is bare, or what TOML has. Its
// error says what is wanted.
type reading[T any] = func(v any) (T, error)

// to sets what is at a place to what is read of a value; one that cannot be
// read changes nothing.
func to[T any](at *T, read reading[T]) func(v any) error {
	return func(v any) error {
		got, err := read(v)
		if err == nil {
			*at = got
		}
		return err
	}
}

// maybe is for preferences that are nil until somebody has one.
func maybe[T any](read reading[T]) reading[*T] {
	return func(v any) (*T, error) {
		got, err := read(v)
		return &got, err
	}
}

func text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bare:
		return string(v), nil
	}
	return "", fmt.Errorf("want text in quotes")
}

// such is text that fits; want says what does.
func such(fits func(string) bool, want string) reading[string] {
	return func(v any) (string, error) {
		s, err := text(v)
		if err == nil && !fits(s) {
			err = fmt.Errorf("want %s", want)
		}
		return s, err
	}
}

var (
	wordRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_:,.()+@-]*$`) })
	sizeRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9][0-9]{2,4}x[1-9][0-9]{2,4}$`) })
	modeRE = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[1-9][0-9]{2,4}x[1-9][0-9]{2,4}(@[0-9]{1,3}(\.[0-9]{1,3})?)?$`)
	})
)

// isName: what modules, aliases and buses are made of.
func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' })
}

func isWord(s string) bool { return wordRE().MatchString(s) }
func isSize(s string) bool { return sizeRE().MatchString(s) }
func isMode(s string) bool {
	return s == "preferred" || s == "highest" || modeRE().MatchString(s)
}

var (
	// word is text of the letters that names of layouts, drivers and cards have.
	word     = such(isWord, "a name of letters, digits and _:,.()+@-")
	size     = such(isSize, "WIDTHxHEIGHT, such as 1920x1080")
	headless = such(func(s string) bool { return s == "off" || isSize(s) }, "off or WIDTHxHEIGHT, such as 1920x1080")
	mode     = such(isMode, "WIDTHxHEIGHT, WIDTHxHEIGHT@RATE, preferred or highest")
	role     = such(xconfig.IsRole, strings.Join(xconfig.Roles, ", "))
)

func oneOf(choices ...string) reading[string] {
	last := len(choices) - 1
	return such(func(s string) bool { return slices.Contains(choices, s) }, strings.Join(choices[:last], ", ")+" or "+choices[last])
}

// trueOrFalse is what a setting takes that is one of both.
const trueOrFalse = "true or false"

func boolean(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case bare: // a bare word means yes
		switch v {
		case "", "1", "yes", "true", "on":
			return true, nil
		case "0", "no", "false", "off":
			return false, nil
		}
	}
	return false, fmt.Errorf("want %s", trueOrFalse)
}

func number(low, high float64) reading[float64] {
	return func(v any) (float64, error) {
		var f float64
		switch v := v.(type) {
		case float64:
			f = v
		case int64:
			f = float64(v)
		case bare:
			var err error
			if f, err = strconv.ParseFloat(string(v), 64); err != nil {
				return 0, fmt.Errorf("want a number")
			}
		default:
			return 0, fmt.Errorf("want a number")
		}
		if math.IsNaN(f) || f < low || f > high {
			return 0, fmt.Errorf("want a number from %g to %g", low, high)
		}
		return f, nil
	}
}

func whole(low, high int) reading[int] {
	read := number(float64(low), float64(high))
	return func(v any) (int, error) {
		f, err := read(v)
		if err != nil || f != math.Trunc(f) {
			return 0, fmt.Errorf("want a whole number from %d to %d", low, high)
		}
		return int(f), nil
	}
}
