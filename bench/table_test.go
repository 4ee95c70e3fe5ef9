package main

import (
	"math"
	"strings"
	"testing"
)

var nan = math.NaN()

func TestMedian(t *testing.T) {
	for name, test := range map[string]struct {
		values []float64
		want   float64
	}{
		"none":               {nil, nan},
		"one":                {[]float64{4}, 4},
		"odd":                {[]float64{9, 1, 5}, 5},
		"even":               {[]float64{8, 1, 2, 4}, 3},
		"holes do not count": {[]float64{nan, 3, nan, 1, 2}, 2},
		"only holes":         {[]float64{nan, nan}, nan},
	} {
		t.Run(name, func(t *testing.T) {
			if got := median(test.values); !same(got, test.want) {
				t.Errorf("median of %v is %v, want %v", test.values, got, test.want)
			}
		})
	}
}

func TestMedianLeavesItsArgumentAlone(t *testing.T) {
	values := []float64{3, 1, 2}
	median(values)
	if values[0] != 3 || values[1] != 1 || values[2] != 2 {
		t.Errorf("the rounds were reordered: %v", values)
	}
}

func TestRatios(t *testing.T) {
	got := ratios([]float64{2, 0, nan, 4, 5}, []float64{1, 1, 1, nan})
	want := []float64{0.5, nan, nan, nan}
	if len(got) != len(want) {
		t.Fatalf("%d ratios, want one for each round of both: %v", len(got), got)
	}
	for i := range want {
		if !same(got[i], want[i]) {
			t.Errorf("ratio of round %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// The ratio in a table is the median of ratios, not the ratio of medians.
func TestRatioIsTakenPerRound(t *testing.T) {
	byRate := func(rates ...float64) []sample {
		var all []sample
		for _, r := range rates {
			s := noSample()
			s.rate = r
			all = append(all, s)
		}
		return all
	}
	got := columns[0].cell(row{samples: [][]sample{byRate(1, 10, 100), byRate(3, 10, 50)}})
	if want := "10 → 10 (1.00)"; got != want {
		t.Errorf("cell is %q, want %q", got, want)
	}
	got = columns[0].cell(row{samples: [][]sample{byRate(1, 20, 100), byRate(4, 40, 30)}})
	if want := "20 → 30 (2.00)"; got != want {
		t.Errorf("cell is %q, want %q", got, want)
	}
}

func exampleTable() table {
	full := sample{rate: 1_234_567, cpu: 0.5678, p50: 12.34, p99: 987.6, gap: nan, resident: 20 << 20, others: 4}
	half := sample{rate: 2_469_134, cpu: 0.2839, p50: nan, p99: nan, gap: nan, resident: 6900, others: 12}
	return table{
		servers: []string{natsName, trellisName},
		rows: []row{
			{"first", "delivered", [][]sample{{full}, {half}}},
			{"failed", "delivered", [][]sample{{noSample()}, {noSample()}}},
		},
	}
}

func TestWriteText(t *testing.T) {
	var text strings.Builder
	if err := exampleTable().writeText(&text); err != nil {
		t.Fatal(err)
	}
	want := `scenario  per        messages/s            CPU s per million      p50 µs        p99 µs       resident
first     delivered  1.23M → 2.47M (2.00)  0.568 → 0.284 (0.500)  12.3 → - (-)  988 → - (-)  20.0 MiB → 6.74 KiB (0.000)
failed    delivered  -                     -                      -             -            -
Each cell: median of nats-server → median of trellis (median of the rounds' ratios, trellis to nats-server).
Other processes used 8 % of the machine in the median measurement, 12 % at most.
`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWriteMarkdown(t *testing.T) {
	one := exampleTable()
	one.servers = one.servers[:1]
	one.rows = one.rows[:1]
	one.rows[0].samples = one.rows[0].samples[:1]
	var text strings.Builder
	if err := one.writeMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	want := `| scenario | per | messages/s | CPU s per million | p50 µs | p99 µs | resident |
|---|---|---|---|---|---|---|
| first | delivered | 1.23M | 0.568 | 12.3 | 988 | 20.0 MiB |

Medians of nats-server.
Other processes used 4 % of the machine in the median measurement, 4 % at most.
`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		format func(float64) string
		value  float64
		want   string
	}{
		{formatDigits, 0.01234, "0.012"},
		{formatDigits, 1.234, "1.23"},
		{formatDigits, 12.34, "12.3"},
		{formatDigits, 123.4, "123"},
		{formatDigits, 12345, "12345"},
		{formatCount, 999, "999"},
		{formatCount, 9999, "9999"},
		{formatCount, 12_340, "12.3k"},
		{formatCount, 1_234_000, "1.23M"},
		{formatBytes, 6900, "6.74 KiB"},
		{formatBytes, 20 << 20, "20.0 MiB"},
	} {
		if got := test.format(test.value); got != test.want {
			t.Errorf("%v is written %q, want %q", test.value, got, test.want)
		}
	}
}

func TestBetween(t *testing.T) {
	from := reading{at: epoch, messages: 100, cpu: 1000, busy: 5e9, cores: 10e9}
	to := reading{at: epoch.Add(2e9), messages: 1100, cpu: 3_001_000, own: 997e6, busy: 7e9, cores: 14e9}
	got := between(from, to)
	if got.rate != 500 || got.cpu != 3 {
		t.Errorf("rate %v and CPU %v µs, want 500 and 3", got.rate, got.cpu)
	}
	if math.Round(got.others) != 25 {
		t.Errorf("others used %v %%, want 25", got.others)
	}
	if got := between(from, from); !math.IsNaN(got.rate) || !math.IsNaN(got.cpu) {
		t.Errorf("no message gave rate %v and CPU %v, want none", got.rate, got.cpu)
	}
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
