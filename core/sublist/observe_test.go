package sublist

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestObserve(t *testing.T) {
	a1, a2 := plain("a"), plain("a")
	q1, q2 := member("a", "q", 1), member("a", "q", 2)
	wild := plain("a.*")
	early := plain("early")
	l := newList(t, early)

	var seen []string
	var r Result[*interest]
	cancel := l.Observe(func(c Change[*interest]) {
		sign := "+"
		if c.Removed {
			sign = "-"
		}
		seen = append(seen, fmt.Sprintf("%d %s%v %v", c.Generation, sign, c.Entry, c.Edge))
		// An observer may ask, and finds the change made.
		l.ReverseMatch(">", &r)
		if strings.Contains(render(&r), fmt.Sprintf("@%p", c.Entry)) == c.Removed {
			t.Errorf("%v is told before it is made", c)
		}
	})
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(l.Insert(a1))
	do(l.Insert(a2))
	do(l.Insert(q1))
	do(l.Insert(q2))
	do(l.Remove(a1))
	do(l.Remove(a2))
	l.RemoveBatch([]*interest{q1, a1, q2})
	do(l.Insert(wild))
	do(l.Remove(wild))
	cancel()
	cancel()
	do(l.Insert(a1))
	want := []string{
		"2 +a/×1 true", "3 +a/×1 false", "4 +a/q×1 true", "5 +a/q×2 false",
		"6 -a/×1 false", "7 -a/×1 true", "8 -a/q×1 false", "9 -a/q×2 true",
		"10 +a.*/×1 true", "11 -a.*/×1 true",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
}

// Every observer sees every change, in one order, and what it adds up to is the
// list.
func TestObserveConcurrently(t *testing.T) {
	l := newList(t)
	var orders [2][]uint64
	present := map[*interest]bool{}
	for i := range orders {
		defer l.Observe(func(c Change[*interest]) {
			orders[i] = append(orders[i], c.Generation)
			if i == 0 && c.Removed {
				delete(present, c.Entry)
			} else if i == 0 {
				present[c.Entry] = true
			}
		})()
	}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			var mine []*interest
			for j := range 500 {
				e := plain(fmt.Sprintf("%d.%d", i, j%7))
				if l.Insert(e) == nil {
					mine = append(mine, e)
				}
				if j%3 == 0 {
					l.RemoveBatch(mine[:1])
					mine = mine[1:]
				}
			}
		})
	}
	group.Wait()
	for i, order := range orders {
		for at, generation := range order {
			if generation != uint64(at)+1 {
				t.Fatalf("observer %d was told change %d as number %d", i, generation, at+1)
			}
		}
	}
	if len(present) != l.Count() || len(orders[0]) != len(orders[1]) {
		t.Errorf("%d entries present, %d counted; %d and %d changes", len(present), l.Count(), len(orders[0]), len(orders[1]))
	}
}

// A connection that closes with very many subscriptions lets others in while
// its own are taken out.
func TestRemoveBatchLetsOthersIn(t *testing.T) {
	const many = 100_000
	l := newList(t)
	es := make([]*interest, many)
	for i := range es {
		switch i % 3 {
		case 0:
			es[i] = plain("all.on.one")
		case 1:
			es[i] = plain(fmt.Sprintf("a.%d.*", i))
		case 2:
			es[i] = member("all.on.one", fmt.Sprint("q", i), 1)
		}
		if err := l.Insert(es[i]); err != nil {
			t.Fatal(err)
		}
	}
	stranger := plain("stranger")
	begun := make(chan struct{})
	var once sync.Once
	var came, last uint64
	defer l.Observe(func(c Change[*interest]) {
		once.Do(func() { close(begun) })
		if c.Entry == stranger {
			came = c.Generation
		}
		last = c.Generation
	})()
	var group sync.WaitGroup
	group.Go(func() {
		<-begun
		if err := l.Insert(stranger); err != nil {
			t.Error(err)
		}
	})
	l.RemoveBatch(es)
	group.Wait()
	if came == 0 || came == last {
		t.Errorf("the stranger came as change %d of %d", came, last)
	}
	if l.Count() != 1 {
		t.Errorf("%d entries are left", l.Count())
	}
}
