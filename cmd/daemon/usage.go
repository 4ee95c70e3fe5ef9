package daemon

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/option"
)

// Of the usage text: the column where descriptions begin, and where lines end.
const (
	usageColumn = 38
	usageWidth  = 110
)

// printUsage answers --help: every flag with its description, by group. The text
// is made from the flags themselves.
func printUsage(w io.Writer) {
	fmt.Fprintf(w, "Usage: %s [flags]\n", name)
	group := ""
	for _, f := range config.Flags() {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(w, "\n%s:\n", group)
		}
		printFlag(w, f)
	}
	fmt.Fprint(w, `
A flag overrides the configuration file. -flag and --flag mean the same; a value follows
after a blank or "=". A flag without value takes true or false, too.
`)
}

func printFlag(w io.Writer, f *config.Flag) {
	text := f.Doc
	if o := optionOf(f); o != nil && o.Default != nil && !isZero(o.Default) {
		text += fmt.Sprintf(" Default: %v.", o.Default)
	}
	if !isCompiledIn(f) {
		text += " (Not built in.)"
	}
	line := fmt.Sprintf("%-*s", usageColumn-1, flagLabel(f))
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > usageWidth {
			fmt.Fprintln(w, line)
			line = strings.Repeat(" ", usageColumn-1)
		}
		line += " " + word
	}
	fmt.Fprintln(w, line)
}

// flagLabel is the names of a flag and the placeholder of its value.
func flagLabel(f *config.Flag) string {
	names := make([]string, len(f.Names))
	for i, n := range f.Names {
		dash := "--"
		if isShort(n) {
			dash = "-"
		}
		names[i] = dash + n
	}
	label := "    " + strings.Join(names, ", ")
	if f.Value != "" {
		label += " <" + f.Value + ">"
	}
	return label
}

// isShort reports whether a flag is an abbreviation, which people write with one
// dash.
func isShort(flag string) bool { return len(flag) <= 2 || strings.ToUpper(flag) == flag }

// optionOf returns the option of the file that the flag overrides, or nil.
func optionOf(f *config.Flag) *option.Option {
	table := config.Table()
	var o *option.Option
	for part := range strings.SplitSeq(f.Option, ".") {
		if table == nil {
			return nil
		}
		if o = table.Lookup(part); o == nil {
			return nil
		}
		table = o.Table
	}
	return o
}

// isCompiledIn reports whether the program has what a flag is about.
func isCompiledIn(f *config.Flag) bool {
	if slices.Contains(f.Names, "signal") {
		return compiledIn[featureSignals]
	}
	block, _, _ := strings.Cut(f.Option, ".")
	o := config.Table().Lookup(block)
	return o == nil || o.Feature == "" || compiledIn[o.Feature]
}

func isZero(value any) bool {
	return value == "" || value == int64(0) || value == false
}
