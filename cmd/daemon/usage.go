package daemon

import (
	"fmt"
	"io"
	"strings"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/option"
)

// usageColumn is where the descriptions of flags begin.
const usageColumn = 38

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
	label := flagLabel(f)
	if len(label) >= usageColumn {
		fmt.Fprintf(w, "%s\n", label)
		label = ""
	}
	text := f.Doc
	o := optionOf(f)
	if o != nil && o.Default != nil && !isZero(o.Default) {
		text += fmt.Sprintf(" Default: %v.", o.Default)
	}
	if feature := missingFeature(f); feature != "" {
		text += fmt.Sprintf(" (Not in this program: %s.)", feature)
	}
	fmt.Fprintf(w, "%-*s%s\n", usageColumn, label, text)
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

// missingFeature returns the feature that a flag belongs to when the program does
// not have it, else "".
func missingFeature(f *config.Flag) string {
	feature := ""
	switch {
	case f.Option != "":
		top, _, _ := strings.Cut(f.Option, ".")
		feature = config.Table().Lookup(top).Feature
	case f.Names[len(f.Names)-1] == "signal":
		feature = featureSignals
	}
	if compiledIn[feature] {
		return ""
	}
	return feature
}

func isZero(value any) bool {
	return value == "" || value == int64(0) || value == false
}
