package option

import "testing"

func TestSuffixed(t *testing.T) {
	for _, test := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"64k", 64_000, true},
		{"64kb", 65_536, true},
		{"64KiB", 65_536, true},
		{"1M", 1_000_000, true},
		{"-2mi", -2 << 20, true},
		{"7eib", 7 << 60, true},
		{"8eib", 0, false},
		{"-9e", -9_000_000_000_000_000_000, true},
		{"-10e", 0, false},
		{"4222", 0, false},
		{"", 0, false},
		{"k", 0, false},
		{"1kk", 0, false},
		{"1bk", 0, false},
		{"1 k", 0, false},
		{"1.5k", 0, false},
		{"99999999999999999999k", 0, false},
	} {
		if got, ok := suffixed(test.text); got != test.want || ok != test.ok {
			t.Errorf("%q: got %d %v, want %d %v", test.text, got, ok, test.want, test.ok)
		}
	}
}
