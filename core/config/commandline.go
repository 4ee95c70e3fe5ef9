package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// CommandLine is what the command line says: what to do, and which options to
// override.
type CommandLine struct {
	// Config is the path of the configuration file, empty for none.
	Config string
	// Test asks to check the configuration and exit.
	Test bool
	// Signal to send to a running server, empty for none.
	Signal  string
	Help    bool
	HelpTLS bool
	Version bool
	// Overrides are the flags that override the file.
	Overrides Overrides
}

// FlagError says that the flags cannot be understood; the usage text helps.
type FlagError struct{ Text string }

func (e *FlagError) Error() string { return e.Text }

// CommandError says that a word follows the flags that is no command.
type CommandError struct{ Word string }

func (e *CommandError) Error() string { return fmt.Sprintf("unrecognized command: %q", e.Word) }

// setting is a flag that was given, with its value.
type setting struct {
	flag  *Flag
	value *option.Value
	// name as written; text as written, and the argument that holds it.
	name string
	text string
	arg  int
}

// ParseFlags reads the arguments that follow the program's name. Flags start with
// one or two dashes; a value follows after "=" or as the next argument; the last
// of several wins. Reading stops at "--" or at the first word that is no flag:
// "version" and "help" act like the flags, any other word is a *CommandError. What
// is wrong with a flag is a *FlagError.
//
// Older documents write "-T false" and "-s udp://host:port"; so a boolean flag
// also takes a following true or false, and -s a following URL as that of -r.
func ParseFlags(args []string) (*CommandLine, error) {
	settings, rest, err := scan(args)
	if err != nil {
		return nil, err
	}
	c := new(CommandLine)
	for _, s := range settings {
		if s.flag.command != nil {
			s.flag.command(c, s.value)
			continue
		}
		c.Overrides.settings = append(c.Overrides.settings, s)
	}
	switch {
	case len(rest) == 0 || c.Version || c.Help || c.HelpTLS:
	case strings.EqualFold(rest[0], "version"):
		c.Version = true
	case strings.EqualFold(rest[0], "help"):
		c.Help = true
	default:
		return nil, &CommandError{Word: rest[0]}
	}
	return c, nil
}

// Redact returns a copy of the arguments in which no secret is left.
func Redact(args []string) []string {
	args = slices.Clone(args)
	settings, _, _ := scan(args)
	for _, s := range settings {
		if s.flag.hide != nil {
			args[s.arg] = strings.TrimSuffix(args[s.arg], s.text) + s.flag.hide(s.text)
		}
	}
	return args
}

// scan splits arguments into flags and the words after them. The settings before
// an error are returned with it.
func scan(args []string) (settings []setting, rest []string, err error) {
	for i := 0; i < len(args); i++ {
		name, ok := flagName(args[i])
		if !ok {
			return settings, args[i:], nil
		}
		if args[i] == "--" {
			return settings, args[i+1:], nil
		}
		name, text, inline := strings.Cut(name, "=")
		if name == "" || name[0] == '-' {
			return settings, nil, &FlagError{"bad flag syntax: " + args[i]}
		}
		f := lookupFlag(name)
		if f == nil {
			return settings, nil, &FlagError{"flag provided but not defined: -" + name}
		}
		if !inline {
			text, inline = following(f, args[i+1:])
			if f.IsBool() && inline && isURL(text) {
				f = lookupFlag("remote_syslog")
			}
			if inline {
				i++
			} else if !f.IsBool() {
				return settings, nil, &FlagError{"flag needs an argument: -" + name}
			}
		}
		s := setting{flag: f, name: name, text: text, arg: i}
		if s.value, err = s.parse(inline); err != nil {
			return settings, nil, err
		}
		settings = append(settings, s)
	}
	return settings, nil, nil
}

// flagName strips the dashes; ok is false for a word that is no flag.
func flagName(arg string) (name string, ok bool) {
	if len(arg) < 2 || arg[0] != '-' {
		return "", false
	}
	return strings.TrimPrefix(arg[1:], "-"), true
}

func lookupFlag(name string) *Flag {
	for _, f := range Flags() {
		if slices.Contains(f.Names, name) {
			return f
		}
	}
	return nil
}

// following returns the next argument when it is the flag's value.
func following(f *Flag, args []string) (text string, ok bool) {
	if len(args) == 0 {
		return "", false
	}
	next := args[0]
	switch {
	case !f.IsBool():
		return next, true
	case next == "true" || next == "false":
		return next, true
	case f.Option == "syslog" && isURL(next):
		return next, true
	}
	return "", false
}

func isURL(text string) bool { return strings.Contains(text, "://") }

// parse turns the setting's text into a value of the flag's kind; given is false
// for a boolean flag without value.
func (s *setting) parse(given bool) (*option.Value, error) {
	v := &option.Value{Kind: s.flag.kind, Text: s.text}
	var err error
	switch s.flag.kind {
	case option.Bool:
		v.Text, v.Bool = "", true
		if given {
			v.Bool, err = strconv.ParseBool(s.text)
		}
		if err != nil {
			return nil, &FlagError{fmt.Sprintf("invalid boolean value %q for -%s: parse error", s.text, s.name)}
		}
	case option.Int:
		v.Text = ""
		v.Int, err = strconv.ParseInt(s.text, 0, 64)
		if err != nil {
			cause := "parse error"
			if errors.Is(err, strconv.ErrRange) {
				cause = "value out of range"
			}
			return nil, &FlagError{fmt.Sprintf("invalid value %q for flag -%s: %s", s.text, s.name, cause)}
		}
	}
	return v, nil
}
