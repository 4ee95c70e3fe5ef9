package sublist

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/subject"
)

// randomSubject draws a subject over a small alphabet, malformed ones included.
func randomSubject(random *rand.Rand) string {
	tokens := make([]string, 1+random.IntN(4))
	for i := range tokens {
		tokens[i] = []string{"a", "b", "c", "a*", "*", "*", ">", ""}[random.IntN(8)]
		if tokens[i] == "" && random.IntN(4) > 0 {
			tokens[i] = "a"
		}
	}
	return strings.Join(tokens, ".")
}

func randomEntry(random *rand.Rand) *interest {
	e := member(randomSubject(random), []string{"", "", "p", "q"}[random.IntN(4)], random.IntN(4))
	return e
}

func TestRandomLists(t *testing.T) {
	t.Run("spec 01 #134", func(t *testing.T) {
		var r Result[*interest]
		for seed := range uint64(50) {
			random := rand.New(rand.NewPCG(seed, 134))
			l := newList(t)
			var all naive
			for range 100 {
				if e := randomEntry(random); subject.ValidSubscription(e.subject) {
					if err := l.Insert(e); err != nil {
						t.Fatal(err)
					}
					all = append(all, e)
				}
				all.check(t, l, randomSubject(random), &r)
			}
		}
	})
	t.Run("spec 01 #136", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 136))
		l := newList(t)
		var all naive
		for range 2000 {
			e := randomEntry(random)
			e.subject += fmt.Sprintf(".%d", random.IntN(100))
			if l.Insert(e) == nil {
				all = append(all, e)
			}
		}
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		half := len(all) / 2
		for _, e := range all[:half] {
			if err := l.Remove(e); err != nil {
				t.Fatal(err)
			}
		}
		l.RemoveBatch(all) // half of them are gone already
		if s := l.Stats(); s.Entries != 0 || s.Subjects != 0 || s.Removes != s.Inserts || !l.tree.Bare() {
			t.Errorf("something is left: %+v", s)
		}
	})
}

// interpret reads a script: "+subject queue weight" inserts, "-n" removes the
// n-th entry left, "/" removes all in a batch, anything else asks.
func interpret(t *testing.T, script string) {
	l := newList(t)
	var all naive
	var r Result[*interest]
	for line := range strings.SplitSeq(script, "\n") {
		var e interest
		var at int
		switch {
		case strings.HasPrefix(line, "+"):
			_, _ = fmt.Sscan(line[1:], &e.subject, &e.queue, &e.weight) // what is missing stays zero
			e.weight %= 100
			if err := l.Insert(&e); (err == nil) != subject.ValidSubscription(e.subject) {
				t.Fatalf("Insert(%q) = %v", e.subject, err)
			} else if err == nil {
				all = append(all, &e)
			}
		case strings.HasPrefix(line, "-") && len(all) > 0:
			_, _ = fmt.Sscan(line[1:], &at)
			at = int(uint(at) % uint(len(all)))
			if err := l.Remove(all[at]); err != nil {
				t.Fatal(err)
			}
			all = slices.Delete(all, at, at+1)
		case line == "/":
			l.RemoveBatch(all)
			all = nil
		default:
			all.check(t, l, line, &r)
		}
	}
	l.RemoveBatch(all)
	if l.Count() != 0 || !l.tree.Bare() {
		t.Fatal("something is left of an emptied list")
	}
}

func FuzzList(f *testing.F) {
	f.Add("+a.b\n+a.* q 2\n+a.> q\na.b\n-0\na.b\n*.b")
	f.Add("+> p 3\n+* p 2\n+*.*\na\na.b\n/\na\n+a\na")
	f.Fuzz(func(t *testing.T, script string) {
		interpret(t, script)
	})
}
