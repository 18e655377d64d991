package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"
)

// completion prints what teaches a shell attune's commands and flags.
func completion(in *invocation) (int, error) {
	if err := in.parse(); err != nil {
		return 0, err
	}
	shells := map[string]func(io.Writer, []description){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	if len(in.args) != 1 || shells[in.args[0]] == nil {
		fmt.Fprintln(in.stderr, "attune completion: want one of bash, fish and zsh")
		return 0, errUsage
	}
	out := bufio.NewWriter(in.raw)
	shells[in.args[0]](out, descriptions(in.commands))
	if err := out.Flush(); err != nil {
		return 0, fmt.Errorf("writing the words: %w", err)
	}
	return exitDone, nil
}

// apart sorts a command's flags as words for a shell: all of them, those that
// take a file, those that take something else.
func (d description) apart() (all, files, others []string) {
	for _, f := range d.flags {
		name := flagName(f)
		all = append(all, name)
		switch v := value(f); {
		case takesFile(v):
			files = append(files, name)
		case v != "":
			others = append(others, name)
		}
	}
	return all, files, others
}

func bashCompletion(w io.Writer, all []description) {
	var names []string
	for _, d := range all {
		names = append(names, d.name)
	}
	fmt.Fprintf(w, `# Words of attune for bash, made by "attune completion bash".
_attune() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags= files= others= words= any=
	COMPREPLY=()
	[ "$prev" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}
	[ "$cur" = = ] && cur=
	if [ "$COMP_CWORD" = 1 ]; then
		COMPREPLY=($(compgen -W "%s help version" -- "$cur"))
		return
	fi
	case ${COMP_WORDS[1]} in
`, strings.Join(names, " "))
	for _, d := range all {
		flags, files, others := d.apart()
		words, any := d.fixedWords()
		fmt.Fprintf(w, "\t%s) flags='%s' files='%s' others='%s' words='%s' any=%s ;;\n", d.name,
			strings.Join(flags, " "), strings.Join(files, " "), strings.Join(others, " "), strings.Join(words, " "), map[bool]string{true: "1"}[any])
	}
	fmt.Fprint(w, `	*) return ;;
	esac
	case " $files " in *" $prev "*)
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
		return
	esac
	case " $others " in *" $prev "*) return ;; esac
	case $cur in
	-*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
	*)
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
		if [ -n "$any" ]; then
			compopt -o filenames 2>/dev/null
			COMPREPLY+=($(compgen -f -- "$cur"))
		fi
		;;
	esac
}
complete -F _attune attune
`)
}

func zshCompletion(w io.Writer, all []description) {
	fmt.Fprint(w, "#compdef attune\n# Words of attune for zsh, made by \"attune completion zsh\".\nlocal -a commands=(\n")
	for _, d := range all {
		fmt.Fprintf(w, "\t%s\n", inQuotes(d.name+":"+d.short, ``))
	}
	fmt.Fprint(w, `)
if (( CURRENT == 2 )); then
	_describe command commands
	return
fi
local command=$words[2]
shift words
(( CURRENT-- ))
case $command in
`)
	for _, d := range all {
		fmt.Fprintf(w, "%s) _arguments", d.name)
		for _, f := range d.flags {
			fmt.Fprintf(w, " \\\n\t%s", inQuotes(flagName(f)+zshFlag(f), ""))
		}
		words, files := d.fixedWords()
		switch {
		case files:
			fmt.Fprint(w, " \\\n\t'*:file:_files'")
		case len(words) > 0:
			fmt.Fprintf(w, " \\\n\t'*:word:(%s)'", strings.Join(words, " "))
		}
		fmt.Fprint(w, " ;;\n")
	}
	fmt.Fprint(w, "esac\n")
}

// zshFlag is what _arguments takes behind a flag's name: what it does and what
// it takes.
func zshFlag(f *flag.Flag) string {
	what, usage := flag.UnquoteUsage(f)
	spec := "[" + escaped(usage, `[]:\`) + "]"
	joined := "=" // --flag=value
	if len(f.Name) == 1 {
		joined = "+" // -fvalue
	}
	switch {
	case takesFile(what):
		spec = joined + spec + ":" + what + ":_files"
	case what != "":
		spec = joined + spec + ":" + what + ":"
	}
	return spec
}

func fishCompletion(w io.Writer, all []description) {
	fmt.Fprint(w, "# Words of attune for fish, made by \"attune completion fish\".\ncomplete -c attune -f\n")
	for _, d := range all {
		fmt.Fprintf(w, "complete -c attune -n __fish_use_subcommand -a %s -d %s\n", d.name, inQuotes(d.short, `\`))
	}
	for _, d := range all {
		here := fmt.Sprintf("complete -c attune -n '__fish_seen_subcommand_from %s'", d.name)
		for _, f := range d.flags {
			what, usage := flag.UnquoteUsage(f)
			takes := ""
			switch {
			case takesFile(what):
				takes = " -r -F"
			case what != "":
				takes = " -x"
			}
			kind := "-l"
			if len(f.Name) == 1 {
				kind = "-s"
			}
			fmt.Fprintf(w, "%s %s %s%s -d %s\n", here, kind, f.Name, takes, inQuotes(usage, `\`))
		}
		words, files := d.fixedWords()
		if files {
			fmt.Fprintf(w, "%s -F\n", here)
		}
		if len(words) > 0 {
			fmt.Fprintf(w, "%s -a '%s'\n", here, strings.Join(words, " "))
		}
	}
}

// inQuotes is a word in single quotes: a quote in it ends them, stands by
// itself and opens them again, in all three shells. special are the characters
// a shell takes for its own even there.
func inQuotes(s, special string) string {
	return "'" + strings.ReplaceAll(escaped(s, special), "'", `'\''`) + "'"
}

func escaped(s, special string) string {
	for _, c := range special {
		if c == '\\' {
			s = strings.ReplaceAll(s, `\`, `\\`)
		}
	}
	for _, c := range special {
		if c != '\\' {
			s = strings.ReplaceAll(s, string(c), `\`+string(c))
		}
	}
	return s
}
