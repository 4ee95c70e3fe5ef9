package sublist

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/trellismq/trellis/core/subject"
)

// worker is a source with a cache of its own that also changes the list. Its
// entries are its own, so it knows at any time which of them a match must find,
// whatever the others do meanwhile.
type worker struct {
	list   *List[*interest]
	random *rand.Rand
	mine   []*interest
	known  map[*interest]bool // all it ever made
	cache  map[string]*answer
}

type answer struct {
	stamp  Stamp
	result Result[*interest]
}

func (w *worker) lookup(name string) *Result[*interest] {
	a := w.cache[name]
	if a == nil {
		a = &answer{}
		w.cache[name] = a
	} else if a.stamp.Fresh() {
		return &a.result
	}
	a.stamp = w.list.Stamp([]byte(name))
	w.list.Match(name, &a.result)
	return &a.result
}

func (w *worker) step() error {
	switch n := w.random.IntN(10); {
	case n < 4:
		e := randomEntry(w.random)
		w.known[e] = true
		if w.list.Insert(e) == nil {
			w.mine = append(w.mine, e)
		}
	case n < 7 && len(w.mine) > 0:
		at := w.random.IntN(len(w.mine))
		if err := w.list.Remove(w.mine[at]); err != nil {
			return err
		}
		w.mine = slices.Delete(w.mine, at, at+1)
	case n == 7 && len(w.mine) > 20:
		w.list.RemoveBatch(w.mine[:15])
		w.mine = slices.Delete(w.mine, 0, 15)
	}
	return w.verify(randomSubject(w.random))
}

// verify looks a subject up and compares what the answer holds of its own.
func (w *worker) verify(name string) error {
	r := w.lookup(name)
	found := map[*interest]int{}
	for _, e := range r.Plain {
		found[e]++
	}
	for _, g := range r.Queues {
		for _, e := range g.Members {
			found[e]++
		}
	}
	for _, e := range w.mine {
		want := 0
		if subject.Matches(e.subject, name) {
			want = 1
			if e.queue != "" {
				want = max(e.weight, 1)
			}
		}
		if found[e] != want {
			return fmt.Errorf("%q finds %v %d times, want %d", name, e, found[e], want)
		}
		delete(found, e)
	}
	for e := range found {
		if w.known[e] {
			return fmt.Errorf("%q finds %v, which was removed", name, e)
		}
	}
	return nil
}

func TestCoherence(t *testing.T) {
	t.Run("spec 01 #135", func(t *testing.T) {
		const workers, steps = 8, 3000
		l := newList(t)
		all := make([]*worker, workers)
		failures := make(chan error, workers)
		var group sync.WaitGroup
		for i := range all {
			w := &worker{
				list: l, random: rand.New(rand.NewPCG(uint64(i), 135)),
				known: map[*interest]bool{}, cache: map[string]*answer{},
			}
			all[i] = w
			group.Go(func() {
				for range steps {
					if err := w.step(); err != nil {
						failures <- err
						return
					}
				}
			})
		}
		group.Wait()
		close(failures)
		for err := range failures {
			t.Error(err)
		}

		var left naive
		for _, w := range all {
			left = append(left, w.mine...)
		}
		rebuilt := newList(t, left...)
		var r Result[*interest]
		for _, w := range all {
			for name := range w.cache {
				rebuilt.Match(name, &r)
				if got, want := render(w.lookup(name)), render(&r); got != want {
					t.Fatalf("%q:\n got %s\nwant %s", name, got, want)
				}
			}
		}
	})
}

func TestStamps(t *testing.T) {
	g := NewGenerations()
	l, other := New[*interest](g), New[*interest](g)
	// Two subjects that do not share a bucket.
	near, far := "a.b", ""
	for i := 0; far == "" || l.clock.bucket(far) == l.clock.bucket(near); i++ {
		far = fmt.Sprint("x.", i)
	}
	literal, wildcard := plain(near), plain("q.*")
	tests := []struct {
		name            string
		change          func() error
		nearOld, farOld bool
	}{
		{"literal insert", func() error { return l.Insert(literal) }, true, false},
		{"refused insert", func() error { _ = l.Insert(literal); return nil }, false, false},
		{"literal remove", func() error { return l.Remove(literal) }, true, false},
		{"vain remove", func() error { _ = l.Remove(literal); return nil }, false, false},
		{"wildcard insert", func() error { return l.Insert(wildcard) }, true, true},
		{"wildcard remove", func() error { return l.Remove(wildcard) }, true, true},
		{"another account's wildcard", func() error { return other.Insert(wildcard) }, false, false},
		{"invalidate", func() error { l.Invalidate(); return nil }, true, true},
		{"batch", func() error { l.RemoveBatch([]*interest{literal}); return nil }, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := l.Stamp([]byte(near)), l.Stamp([]byte(far))
			if !a.Fresh() || !b.Fresh() {
				t.Fatal("a new stamp is stale")
			}
			if err := tt.change(); err != nil {
				t.Fatal(err)
			}
			if a.Fresh() == tt.nearOld || b.Fresh() == tt.farOld {
				t.Errorf("fresh: %v and %v", a.Fresh(), b.Fresh())
			}
		})
	}
}
