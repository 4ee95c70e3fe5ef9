package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A report holds what one comparison found.
type report struct {
	untested  []entry // needs a test and has none
	idle      []entry // its test was skipped or did not run
	broken    []entry // its test failed
	waiting   []entry // waits, wholly or partly
	early     []entry // waits wholly, yet a test names it
	strangers []string
	totals    map[int]*total
}

// A total counts the lines of one part.
type total struct{ lines, tested, waiting, faults int }

// compare finds out how each line stands. outcomes is nil when no run was given; then a test that exists counts.
func compare(entries []entry, names map[string][]string, outcomes map[string]outcome) report {
	r := report{totals: make(map[int]*total)}
	known := make(map[string]bool)
	for _, e := range entries {
		known[e.name] = true
		sum := r.totals[e.part]
		if sum == nil {
			sum = &total{}
			r.totals[e.part] = sum
		}
		sum.lines++
		if len(e.waits) > 0 {
			r.waiting = append(r.waiting, e)
		}
		tested := len(names[e.name]) > 0
		result := outcomes[e.name]
		switch {
		case !e.needsTest():
			sum.waiting++
			if tested {
				r.early = append(r.early, e)
			}
		case !tested:
			sum.faults++
			r.untested = append(r.untested, e)
		case outcomes != nil && result < passed:
			sum.faults++
			r.idle = append(r.idle, e)
		case result == failed:
			sum.faults++
			r.broken = append(r.broken, e)
		default:
			sum.tested++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !known[name] {
			r.strangers = append(r.strangers, fmt.Sprintf("%s: %s", strings.Join(names[name], ", "), name))
		}
	}
	return r
}

// ok reports whether nothing is missing.
func (r report) ok() bool {
	return len(r.untested)+len(r.idle)+len(r.broken)+len(r.strangers) == 0
}

// print writes the report: one table of totals, then what is wrong, then what waits.
func (r report) print(w io.Writer) {
	fmt.Fprintf(w, "%-6s %6s %7s %8s %7s\n", "part", "lines", "tested", "waiting", "faults")
	for _, part := range slices.Sorted(maps.Keys(r.totals)) {
		t := r.totals[part]
		fmt.Fprintf(w, "%02d     %6d %7d %8d %7d\n", part, t.lines, t.tested, t.waiting, t.faults)
	}
	printEntries(w, "Without a test", r.untested)
	printEntries(w, "With a test that was skipped or did not run", r.idle)
	printEntries(w, "With a test that failed", r.broken)
	if len(r.strangers) > 0 {
		fmt.Fprintf(w, "\nTests of lines that no checklist has:\n  %s\n", strings.Join(r.strangers, "\n  "))
	}
	printEntries(w, "Tested already, though marked as waiting (no fault)", r.early)
	r.printWaiting(w)
}

func printEntries(w io.Writer, title string, entries []entry) {
	if len(entries) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s: %d\n", title, len(entries))
	for _, e := range entries {
		fmt.Fprintf(w, "  %s: %s: %s\n", e.place, e.name, e.text)
	}
}

// printWaiting lists, feature by feature, the lines that wait for it. A line that waits for two features stands under both; one that waits
// only partly ends in a plus sign.
func (r report) printWaiting(w io.Writer) {
	byFeature := make(map[string][]entry)
	for _, e := range r.waiting {
		for _, feature := range e.waits {
			byFeature[feature] = append(byFeature[feature], e)
		}
	}
	if len(byFeature) == 0 {
		return
	}
	fmt.Fprintf(w, "\nWaiting for a later feature (+ partly): %d\n", len(r.waiting))
	for _, feature := range slices.Sorted(maps.Keys(byFeature)) {
		fmt.Fprintf(w, "  %-18s %s\n", feature+":", ranges(byFeature[feature]))
	}
}

// ranges writes names in short form: "01 #56-61, #78+; 10 scenario 7".
func ranges(entries []entry) string {
	type run struct{ first, last entry }
	var runs []run
	for _, e := range entries {
		if n := len(runs); n > 0 && follows(runs[n-1].last, e) {
			runs[n-1].last = e
			continue
		}
		runs = append(runs, run{e, e})
	}
	var text strings.Builder
	part := 0
	for _, r := range runs {
		switch {
		case r.first.part != part && part != 0:
			fmt.Fprintf(&text, "; %02d ", r.first.part)
		case part == 0:
			fmt.Fprintf(&text, "%02d ", r.first.part)
		default:
			text.WriteString(", ")
		}
		part = r.first.part
		kind, first := numberOf(r.first)
		text.WriteString(kind + fmt.Sprint(first))
		if _, last := numberOf(r.last); last != first {
			fmt.Fprintf(&text, "-%d", last)
		}
		if r.first.partly {
			text.WriteString("+")
		}
	}
	return text.String()
}

func follows(a, b entry) bool {
	kindA, numberA := numberOf(a)
	kindB, numberB := numberOf(b)
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(kindA, kindB)) == 0 && numberB == numberA+1 && a.partly == b.partly
}

// numberOf splits a name into its kind ("#" or "scenario ") and its number.
func numberOf(e entry) (kind string, number int) {
	rest := strings.TrimPrefix(e.name, fmt.Sprintf("spec %02d ", e.part))
	digits := strings.IndexAny(rest, "0123456789")
	fmt.Sscan(rest[digits:], &number)
	return rest[:digits], number
}
