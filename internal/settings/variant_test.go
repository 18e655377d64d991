package settings_test

import "testing"

// A variant goes with the layout it was given with.
func TestVariant(t *testing.T) {
	for _, row := range []struct{ name, image, site, cmdline, layout, variant string }{
		{"another layout ends it", "layout = \"de\"\nvariant = \"nodeadkeys\"", "layout = \"fr\"", "", "fr", ""},
		{"the same layout keeps it", "layout = \"de\"\nvariant = \"nodeadkeys\"", "layout = \"de\"", "", "de", "nodeadkeys"},
		{"a variant for a layout of a lower rank", "layout = \"de\"", "variant = \"nodeadkeys\"", "", "de", "nodeadkeys"},
		{"both of both", "layout = \"de\"\nvariant = \"nodeadkeys\"", "layout = \"fr\"\nvariant = \"oss\"", "", "fr", "oss"},
		{"a variant no layout was given with goes too", "variant = \"nodeadkeys\"", "layout = \"fr\"", "", "fr", ""},
		{"over the ranks", "layout = \"de\"", "variant = \"nodeadkeys\"", "attune.keyboard.layout=us", "us", ""},
		{"in two words", "layout = \"de\"", "", "attune.keyboard.layout=us attune.keyboard.variant=intl", "us", "intl"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := &world{root: tree("usr/lib/attune/a.toml", "[keyboard]\n"+row.image, "etc/attune/b.toml", "[keyboard]\n"+row.site), cmdline: row.cmdline}
			s, _ := w.read()
			if k := s.Preferences.Keyboard; k.Layout != row.layout || k.Variant != row.variant {
				t.Errorf("%+v", k)
			}
		})
	}
}
