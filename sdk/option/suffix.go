package option

import (
	"math"
	"strconv"
	"strings"
)

// Multiplier returns what a suffix of an integer, in any letter case, multiplies
// it by: k, m, g, t, p and e stand for powers of 1000, and the same letters
// followed by b, i or ib for powers of 1024. It reports false for anything else.
func Multiplier(suffix string) (factor int64, ok bool) {
	factor, ok = multipliers[strings.ToLower(suffix)]
	return factor, ok
}

var multipliers = func() map[string]int64 {
	table := make(map[string]int64)
	decimal, binary := int64(1), int64(1)
	for _, scale := range []string{"k", "m", "g", "t", "p", "e"} {
		decimal *= 1000
		binary *= 1024
		table[scale] = decimal
		for _, tail := range []string{"b", "i", "ib"} {
			table[scale+tail] = binary
		}
	}
	return table
}()

// suffixed reads an integer that must have a suffix, as it is written in a syntax
// whose own integers have none.
func suffixed(text string) (int64, bool) {
	digits := strings.TrimRight(text, "kmgtpeibKMGTPEIB")
	factor, ok := Multiplier(text[len(digits):])
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > math.MaxInt64/factor || n < math.MinInt64/factor {
		return 0, false
	}
	return n * factor, true
}
