package kmod

import (
	"slices"
	"strings"
	"testing"
)

// TestHostileAlias bounds what the worst alias costs on a real tree. Time
// would say more about the machine than about the search, so steps are
// counted: a step is an edge taken or a byte passed over.
func TestHostileAlias(t *testing.T) {
	heads := []string{
		"input:b0003v045Ep0719e0100-e", "of:N", "acpi:", "dmi:bvn", "usb:v", "pci:v", "hid:b", "i2c:", "a",
		"cpu:type:x86,ven0000fam0006mod0000:feature:,",
	}
	tails := []string{"*", "0", "T*C", "a:", "e0,1,k", "r", ":pn:svn:", "C", "1,r0,a0,m0,l0,s0,f0,w0,k", "[a]", "\\"}
	aliases := slices.Concat(strangeAliases, corpusAliases(t))
	for _, head := range heads {
		for _, tail := range tails {
			aliases = append(aliases, cut(head+strings.Repeat(tail, maxAlias)))
		}
	}
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			tree := findModtree(t, suite)
			worst := worstSteps(t, tree.open(t).alias, aliases)
			t.Logf("the worst of %d aliases takes %d steps", len(aliases), worst)
			if worst > maxSteps/16 {
				t.Errorf("an alias takes %d steps", worst)
			}
		})
	}
}

func worstSteps(t *testing.T, tab *table, aliases []string) (worst int) {
	t.Helper()
	for _, alias := range aliases {
		err := tab.use(func(tr *trie) (err error) {
			defer guard(&err)
			r := run{trie: tr, name: underscores(alias)}
			r.literal()
			worst = max(worst, r.steps)
			return nil
		})
		if err != nil {
			t.Errorf("%.80q: %v", alias, err)
		}
	}
	return worst
}
