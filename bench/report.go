package main

import (
	"fmt"
	"io"
)

// A report writes results for a terminal or a page. The first error of the
// writer sticks and silences the rest.
type report struct {
	out      io.Writer
	markdown bool
	err      error
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}

// preface says what is compared, where and how.
func (r *report) preface(programs []program, o options) {
	facts := machine()
	for _, p := range programs {
		facts = append(facts, "Server: "+p.describe())
	}
	configured := "accounts, users and permissions on"
	if o.open {
		configured = "open servers, without accounts, users and permissions"
	}
	facts = append(facts, fmt.Sprintf("Method: rounds in turn, %d of them, new servers for each measurement, %v of warm-up, %v of measurement; %s; statistics on",
		o.rounds, o.timing.warmup, o.timing.window, configured))
	for _, fact := range facts {
		if r.markdown {
			fact = "- " + fact
		}
		r.printf("%s\n", fact)
	}
}

// results writes the table of one generator.
func (r *report) results(g generator, t table) {
	heading := "\nGenerator: %s\n\n"
	write := t.writeText
	if r.markdown {
		heading = "\n### Generator: %s\n\n"
		write = t.writeMarkdown
	}
	r.printf(heading, g.name())
	if r.err == nil {
		r.err = write(r.out)
	}
}
