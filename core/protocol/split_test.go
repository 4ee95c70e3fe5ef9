package protocol

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// reading is what became of a stream.
type reading struct {
	ops  []string
	rest int // bytes that are no whole operation
	err  error
}

func (r reading) String() string {
	return fmt.Sprintf("%d bytes left, error %v, operations\n\t%s", r.rest, r.err, strings.Join(r.ops, "\n\t"))
}

func (r reading) equal(other reading) bool {
	return slices.Equal(r.ops, other.ops) && r.rest == other.rest && fmt.Sprint(r.err) == fmt.Sprint(other.err)
}

// read offers a stream to p as a transport does, in chunks of the sizes that next
// answers (the last one may be short), and checks on the way what holds for
// every call.
func read(t testing.TB, p *Parser, stream []byte, next func() int) reading {
	t.Helper()
	var r reading
	from := 0 // of what was not taken
	for to := 0; to < len(stream); {
		to = min(to+max(next(), 1), len(stream))
		for from < to {
			var op Op
			b := stream[from:to:to]
			n, err := p.Next(b, &op)
			switch {
			case n < 0 || n > len(b) || n > 0 && err != nil:
				t.Fatalf("Next(%q) = %d, %v", b, n, err)
			case err != nil:
				r.err, r.rest = err, len(stream)-from
				return r
			}
			if n == 0 {
				if m := p.Missing(b); m <= len(b) {
					t.Fatalf("Missing(%q) = %d", b, m)
				}
				break
			}
			checkInside(t, b[:n], &op)
			r.ops = append(r.ops, render(&op))
			from += n
		}
	}
	r.rest = len(stream) - from
	return r
}

// checkInside fails unless the parts of op are parts of b.
func checkInside(t testing.TB, b []byte, op *Op) {
	t.Helper()
	for _, part := range [][]byte{op.Arg, op.Subject, op.Reply, op.Queue, op.SID, op.Payload, op.Tail} {
		if len(part) == 0 {
			continue
		}
		at := cap(b) - cap(part)
		if at < 0 || at+len(part) > len(b) || &b[at] != &part[0] {
			t.Fatalf("%q is no part of %q", part, b)
		}
	}
	if op.HeaderSize > len(op.Payload) {
		t.Fatalf("a header of %d bytes in %q", op.HeaderSize, op.Payload)
	}
}

// whole is a split into one chunk.
func whole() int { return 1 << 30 }

// randomly is a split into chunks of up to most bytes.
func randomly(seed uint64, most int) func() int {
	random := rand.New(rand.NewPCG(seed, 1))
	return func() int { return 1 + random.IntN(most) }
}

func TestSplitsMakeNoDifference(t *testing.T) {
	var stream strings.Builder
	for _, a := range accepted {
		stream.WriteString(a.in)
	}
	good := stream.String()
	ends := map[string]string{"nothing": "", "half a line": "PUB foo", "half a payload": "PUB foo 40\r\nhello"}
	for _, r := range refused {
		ends[r.name] = r.in + "PING\r\n"
	}
	for name, end := range ends {
		t.Run("and "+name, func(t *testing.T) {
			b := []byte(good + end)
			want := read(t, &limited, b, whole)
			if len(want.ops) != len(accepted) {
				t.Fatalf("%d operations of %d: %v", len(want.ops), len(accepted), want)
			}
			splits := []func() int{func() int { return 1 }, func() int { return 2 }, func() int { return 3 }}
			for seed := range uint64(8) {
				splits = append(splits, randomly(seed, 1<<seed))
			}
			for i, split := range splits {
				if got := read(t, &limited, b, split); !got.equal(want) {
					t.Errorf("split %d: %v\nwhole: %v", i, got, want)
				}
			}
		})
	}
	t.Run("anywhere in two", func(t *testing.T) {
		b := []byte(good)
		want := read(t, &limited, b, whole)
		for at := 1; at < len(b); at++ {
			sizes := []int{at, len(b)}
			got := read(t, &limited, b, func() int {
				size := sizes[0]
				sizes = sizes[1:]
				return size
			})
			if !got.equal(want) {
				t.Errorf("split at %d: %v\nwhole: %v", at, got, want)
			}
		}
	})
}
