package option

import (
	"errors"
	"math"
	"time"
)

// Duration makes an option that holds a duration string such as "1m30s".
func Duration(name string) *Of[time.Duration] {
	return newOf(name, TypeDuration, String, func(o *Option, n *Node) time.Duration {
		if n.Kind() != String {
			o.wrongType(n, `a duration such as "10s"`)
			return 0
		}
		return n.duration()
	})
}

// DurationOrSeconds makes an option that holds a duration string, or an integer
// that counts seconds, which is warned about.
func DurationOrSeconds(name string) *Of[time.Duration] {
	return newOf(name, TypeDuration, String, func(o *Option, n *Node) time.Duration {
		switch n.Kind() {
		case Int:
			n.Misuse("%s should be converted to a duration", n.Key)
			return seconds(float64(n.Value.Int))
		case String:
			return n.duration()
		}
		o.wrongType(n, `a duration such as "10s"`)
		return 0
	})
}

// Seconds makes an option that holds a number of seconds, with or without a
// fraction, or a duration string.
func Seconds(name string) *Of[time.Duration] {
	return newOf(name, TypeSeconds, String, func(o *Option, n *Node) time.Duration {
		d, err := n.Seconds()
		if errors.Is(err, ErrNotSeconds) {
			o.wrongType(n, "seconds or a duration")
		} else if err != nil {
			n.Errorf("error parsing %s: %v", n.Key, err)
		}
		return d
	})
}

// ErrNotSeconds says that a value has none of the types that can tell seconds.
var ErrNotSeconds = errors.New("neither a number nor a duration")

// Seconds reads the node's value as an option made by [Seconds] does.
func (n *Node) Seconds() (time.Duration, error) {
	switch n.Kind() {
	case Int:
		return seconds(float64(n.Value.Int)), nil
	case Float:
		return seconds(n.Value.Float), nil
	case String:
		return time.ParseDuration(n.Value.Text)
	}
	return 0, ErrNotSeconds
}

func (n *Node) duration() time.Duration {
	d, err := time.ParseDuration(n.Value.Text)
	if err != nil {
		n.Errorf("error parsing %s: %v", n.Key, err)
	}
	return d
}

// seconds saturates instead of wrapping around: a timeout of a thousand years
// must not become negative.
func seconds(s float64) time.Duration {
	ns := s * float64(time.Second)
	switch {
	case ns >= math.MaxInt64:
		return math.MaxInt64
	case ns <= math.MinInt64:
		return math.MinInt64
	case math.IsNaN(ns):
		return 0
	}
	return time.Duration(ns)
}
