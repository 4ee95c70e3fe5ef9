package option

import (
	"errors"
	"math"
	"strconv"
)

// Text makes an option that holds a string.
func Text(name string) *Of[string] {
	return newOf(name, TypeText, String, func(o *Option, n *Node) string {
		if n.Kind() != String {
			o.wrongType(n, "a string")
			return ""
		}
		return n.Value.Text
	})
}

// Switch makes an option that holds a boolean.
func Switch(name string) *Of[bool] {
	return newOf(name, TypeSwitch, Bool, func(o *Option, n *Node) bool {
		if n.Kind() != Bool {
			o.wrongType(n, "a boolean")
			return false
		}
		return n.Value.Bool
	})
}

// Number makes an option that holds a 64-bit integer. It may be a string of
// digits and a suffix, as TOML has no other way to write one.
func Number(name string) *Of[int64] {
	return newOf(name, TypeNumber, Int, func(o *Option, n *Node) int64 {
		if n.Kind() == String {
			if number, ok := suffixed(n.Value.Text); ok {
				return number
			}
		}
		if n.Kind() != Int {
			o.wrongType(n, "an integer")
			return 0
		}
		return n.Value.Int
	})
}

// Size makes an option that holds a number of bytes: an integer, or a string of
// digits followed by K, M, G or T, optionally with B, in powers of 1024.
func Size(name string) *Of[int64] {
	return newOf(name, TypeSize, String, func(o *Option, n *Node) int64 {
		size, err := n.Size()
		switch {
		case err != nil && o.wrong != "":
			n.Errorf("%s", n.expand(o.wrong))
		case err != nil:
			n.Errorf("%s %v", n.Key, err)
		}
		return size
	}).Unit("bytes")
}

// The mistakes a size can hold.
var (
	errSizeType   = errors.New("must be int64 or string")
	errSizeSuffix = errors.New("sizes defined as strings must end in K, M, G, T")
	errSizeRange  = errors.New("size is out of range")
)

// Size reads the node's value as a number of bytes, as an option made by [Size]
// does.
func (n *Node) Size() (int64, error) {
	switch n.Kind() {
	case Int:
		return n.Value.Int, nil
	case String:
		return parseSize(n.Value.Text)
	}
	return 0, errSizeType
}

func parseSize(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	digits := text
	if last := digits[len(digits)-1]; last == 'B' || last == 'b' {
		digits = digits[:len(digits)-1]
	}
	if digits == "" {
		return 0, errSizeSuffix
	}
	var shift uint
	switch digits[len(digits)-1] {
	case 'K', 'k':
		shift = 10
	case 'M', 'm':
		shift = 20
	case 'G', 'g':
		shift = 30
	case 'T', 't':
		shift = 40
	default:
		return 0, errSizeSuffix
	}
	count, err := strconv.ParseInt(digits[:len(digits)-1], 10, 64)
	if err != nil {
		return 0, err
	}
	if count > math.MaxInt64>>shift || count < math.MinInt64>>shift {
		return 0, errSizeRange
	}
	return count << shift, nil
}
