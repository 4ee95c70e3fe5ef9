package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

const referenceIntro = `# Options

This page is generated from the table of options that the program itself uses
(` + "`go test ./core/config -run Reference -update`" + `); do not edit it.

Names are matched in any letter case. Types:

- **integer**: with the suffixes k, m, g, t (powers of 1000) or KB, MB, GB, TB (powers of 1024).
- **size**: an integer, or a string such as "2G" in powers of 1024.
- **duration**: a string such as "1m30s". Some options also take an integer as seconds, with a warning.
- **seconds**: a number of seconds, or a duration.
- **address**: host:port, :port, or a port.

*Reload* says what happens when the file is read again: "yes" is applied while the
server runs, "no" is refused.
`

// WriteReference writes the reference page of all options and flags.
func WriteReference(w io.Writer) error {
	var page strings.Builder
	page.WriteString(referenceIntro)
	for _, section := range sections() {
		fmt.Fprintf(&page, "\n## %s\n\n", strings.Join(section.paths, ", "))
		page.WriteString("| Option | Type | Default | Reload | Meaning |\n|---|---|---|---|---|\n")
		for _, o := range section.table.Options() {
			if o.Doc == "" { // only there to be refused with a text of its own
				continue
			}
			fmt.Fprintf(&page, "| %s | %s | %s | %s | %s |\n",
				quoted(o.Names()), optionType(o), defaultText(o), reloadText(section, o), cell(o.Doc))
		}
	}
	page.WriteString("\n# Flags\n")
	group := ""
	for _, f := range Flags() {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&page, "\n## %s\n\n| Flag | Value | Option | Meaning |\n|---|---|---|---|\n", group)
		}
		names := make([]string, len(f.Names))
		for i, name := range f.Names {
			names[i] = "-" + name
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", quoted(names), f.Value, quoted([]string{f.Option}), cell(f.Doc))
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// section is one table of the page with all places where it applies.
type section struct {
	paths   []string
	table   *option.Table
	refused bool // the block around refuses changes
}

// sections lists every table once, in the order in which it is first met.
func sections() []*section {
	top := &section{paths: []string{"Top level"}, table: Table()}
	list := []*section{top}
	known := map[*option.Table]*section{top.table: top}
	var walk func(path string, table *option.Table, refused bool)
	walk = func(path string, table *option.Table, refused bool) {
		for _, o := range table.Options() {
			if o.Table == nil {
				continue
			}
			inside := path + o.Name
			shown := "`" + inside + "`"
			if s := known[o.Table]; s != nil {
				s.paths = append(s.paths, shown)
				s.refused = s.refused && refused
				continue
			}
			s := &section{paths: []string{shown}, table: o.Table, refused: refused || o.Reload.Refused != ""}
			known[o.Table] = s
			list = append(list, s)
			walk(inside+".", o.Table, s.refused)
		}
	}
	walk("", top.table, false)
	return list
}

func quoted(names []string) string {
	var parts []string
	for _, name := range names {
		if name != "" {
			parts = append(parts, "`"+name+"`")
		}
	}
	return strings.Join(parts, " ")
}

func optionType(o *option.Option) string {
	text := string(o.Type)
	if o.Unit != "" && o.Type != option.TypeSize {
		text += " (" + o.Unit + ")"
	}
	if o.Required {
		text += ", required"
	}
	return cell(text)
}

func defaultText(o *option.Option) string {
	v := reflect.ValueOf(o.Default)
	if !v.IsValid() || v.IsZero() || o.Table != nil {
		return ""
	}
	if n, ok := o.Default.(int64); ok && o.Unit == "bytes" && n > 0 && n%(1<<20) == 0 {
		return fmt.Sprintf("%dMB", n>>20)
	}
	return cell(fmt.Sprint(o.Default))
}

func reloadText(s *section, o *option.Option) string {
	switch {
	case o.Reload.Always:
		return "yes"
	case s.refused || o.Reload.Refused != "":
		return "no"
	case o.Table != nil:
		return "see below"
	}
	return "yes"
}

// cell makes a text safe inside a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
