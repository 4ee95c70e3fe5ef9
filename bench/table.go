package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A table holds the samples of one generator and reduces them to medians.
type table struct {
	servers []string // one or two names; ratios are of the last to the first
	rows    []row
}

// A row is a scenario with its samples: by server in the table's order, then by
// round.
type row struct {
	scenario string
	counts   string
	samples  [][]sample
}

// A column is a figure of a sample.
type column struct {
	title  string
	value  func(sample) float64
	format func(float64) string
}

var columns = []column{
	{"messages/s", func(s sample) float64 { return s.rate }, formatCount},
	{"CPU s per million", func(s sample) float64 { return s.cpu }, formatDigits},
	{"p50 µs", func(s sample) float64 { return s.p50 }, formatDigits},
	{"p99 µs", func(s sample) float64 { return s.p99 }, formatDigits},
	{"longest gap ms", func(s sample) float64 { return s.gap }, formatDigits},
	{"resident", func(s sample) float64 { return s.resident }, formatBytes},
}

// absent fills a cell without a figure.
const absent = "-"

// cells returns the table's text, the head first. Columns without any figure
// are left out.
func (t table) cells() [][]string {
	all := [][]string{{"scenario", "per"}}
	for _, r := range t.rows {
		all = append(all, []string{r.scenario, r.counts})
	}
	for _, c := range columns {
		texts := []string{c.title}
		for _, r := range t.rows {
			texts = append(texts, c.cell(r))
		}
		if !slices.ContainsFunc(texts[1:], func(text string) bool { return text != absent }) {
			continue
		}
		for i, text := range texts {
			all[i] = append(all[i], text)
		}
	}
	return all
}

// cell returns the servers' medians and, with two servers, the median of the
// rounds' ratios.
func (c column) cell(r row) string {
	var figures []string
	byServer := make([][]float64, len(r.samples))
	for i, samples := range r.samples {
		for _, s := range samples {
			byServer[i] = append(byServer[i], c.value(s))
		}
		figures = append(figures, formatOr(c.format, median(byServer[i])))
	}
	if !slices.ContainsFunc(figures, func(f string) bool { return f != absent }) {
		return absent
	}
	text := strings.Join(figures, " → ")
	if len(byServer) == 2 {
		text += " (" + formatOr(formatDigits, median(ratios(byServer[0], byServer[1]))) + ")"
	}
	return text
}

// legend says how to read a cell.
func (t table) legend() string {
	if len(t.servers) == 1 {
		return "Medians of " + t.servers[0] + "."
	}
	return fmt.Sprintf("Each cell: median of %s → median of %s (median of the rounds' ratios, %s to %s).",
		t.servers[0], t.servers[1], t.servers[1], t.servers[0])
}

// disturbance says how much of the machine others used while this was measured,
// without which rates and latencies cannot be judged.
func (t table) disturbance() string {
	var others []float64
	for _, r := range t.rows {
		for _, s := range slices.Concat(r.samples...) {
			if !math.IsNaN(s.others) {
				others = append(others, s.others)
			}
		}
	}
	if len(others) == 0 {
		return "Nothing was measured."
	}
	return fmt.Sprintf("Other processes used %.0f %% of the machine in the median measurement, %.0f %% at most.",
		median(others), slices.Max(others))
}

// writeText writes the table in aligned columns.
func (t table) writeText(w io.Writer) error {
	all := t.cells()
	widths := make([]int, len(all[0]))
	for _, line := range all {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	for _, line := range all {
		for i, cell := range line {
			if i == len(line)-1 {
				text.WriteString(cell)
				break
			}
			fmt.Fprintf(&text, "%-*s  ", widths[i], cell)
		}
		text.WriteByte('\n')
	}
	fmt.Fprintf(&text, "%s\n%s\n", t.legend(), t.disturbance())
	_, err := io.WriteString(w, text.String())
	return err
}

// writeMarkdown writes the table for a page.
func (t table) writeMarkdown(w io.Writer) error {
	var text strings.Builder
	for i, line := range t.cells() {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&text, "|%s\n", strings.Repeat("---|", len(line)))
		}
	}
	fmt.Fprintf(&text, "\n%s\n%s\n", t.legend(), t.disturbance())
	_, err := io.WriteString(w, text.String())
	return err
}

// median returns the middle of the values, the mean of the two in the middle
// when they are even in number. Not-a-numbers do not count; without any value
// the median is not a number.
func median(values []float64) float64 {
	sorted := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(sorted)
	n := len(sorted)
	switch {
	case n == 0:
		return math.NaN()
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}

// ratios returns the ratio of the second value to the first, round by round. A
// round that lacks either value gives not-a-number.
func ratios(first, second []float64) []float64 {
	all := make([]float64, min(len(first), len(second)))
	for i := range all {
		all[i] = math.NaN()
		if first[i] != 0 {
			all[i] = second[i] / first[i]
		}
	}
	return all
}

func formatOr(format func(float64) string, v float64) string {
	if math.IsNaN(v) {
		return absent
	}
	return format(v)
}

// formatDigits writes three significant digits, and all digits before the point.
func formatDigits(v float64) string {
	decimals := 0
	for bound := 100.0; v < bound && decimals < 3; bound /= 10 {
		decimals++
	}
	return fmt.Sprintf("%.*f", decimals, v)
}

// formatCount writes a count with a suffix for thousands or millions.
func formatCount(v float64) string {
	switch {
	case v >= 1e6:
		return formatDigits(v/1e6) + "M"
	case v >= 1e4:
		return formatDigits(v/1e3) + "k"
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// formatBytes writes a size in units of 1,024.
func formatBytes(v float64) string {
	if v >= 1<<20 {
		return formatDigits(v/(1<<20)) + " MiB"
	}
	return formatDigits(v/(1<<10)) + " KiB"
}

// String returns the figures that the sample has.
func (s sample) String() string {
	var figures []string
	for _, c := range columns {
		if v := c.value(s); !math.IsNaN(v) {
			figures = append(figures, c.title+" "+c.format(v))
		}
	}
	if !math.IsNaN(s.others) {
		figures = append(figures, fmt.Sprintf("others %.0f %%", s.others))
	}
	return strings.Join(figures, ", ")
}
