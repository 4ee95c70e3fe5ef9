package sublist

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/subject"
)

// interest is an entry; its address tells it from its equals.
type interest struct {
	subject string
	queue   string
	weight  int
}

func (i *interest) Subject() string { return i.subject }
func (i *interest) Queue() string   { return i.queue }
func (i *interest) Weight() int     { return i.weight }
func (i *interest) String() string  { return fmt.Sprintf("%s/%s×%d", i.subject, i.queue, i.weight) }

func plain(subject string) *interest { return &interest{subject: subject, weight: 1} }

func member(subject, queue string, weight int) *interest {
	return &interest{subject: subject, queue: queue, weight: weight}
}

func newList(t testing.TB, entries ...*interest) *List[*interest] {
	t.Helper()
	l := New[*interest](NewGenerations())
	for _, e := range entries {
		if err := l.Insert(e); err != nil {
			t.Fatalf("insert %v: %v", e, err)
		}
	}
	return l
}

// render puts a result into one comparable form: plain entries, then groups by
// name, members in order of their text and as often as they are in it.
func render(r *Result[*interest]) string {
	lines := []string{line("", r.Plain)}
	for _, g := range r.Queues {
		lines = append(lines, line(g.Queue, g.Members))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n")
}

func line(name string, entries []*interest) string {
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = fmt.Sprintf("%v@%p", e, e)
	}
	slices.Sort(texts)
	return name + ": " + strings.Join(texts, " ")
}

// naive is a list as one would write it down: all entries, looked at one by one.
type naive []*interest

func (n naive) find(holds func(e *interest) bool) string {
	var r Result[*interest]
	at := map[string]int{}
	for _, e := range n {
		switch {
		case !holds(e):
		case e.queue == "":
			r.Plain = append(r.Plain, e)
		default:
			i, ok := at[e.queue]
			if !ok {
				i = len(r.Queues)
				at[e.queue] = i
				r.Queues = append(r.Queues, Group[*interest]{Queue: e.queue})
			}
			for range max(e.weight, 1) {
				r.Queues[i].Members = append(r.Queues[i].Members, e)
			}
		}
	}
	return render(&r)
}

// check asks the list everything about a subject and holds it against n.
func (n naive) check(t *testing.T, l *List[*interest], name string, r *Result[*interest]) {
	t.Helper()
	want := n.find(func(e *interest) bool { return subject.Matches(e.subject, name) })
	l.Match(name, r)
	if got := render(r); got != want {
		t.Fatalf("Match(%q) in %v:\n got %s\nwant %s", name, n, got, want)
	}
	if got := l.HasInterest(name); got == r.Empty() {
		t.Fatalf("HasInterest(%q) = %v", name, got)
	}
	valid := subject.ValidSubscription(name)
	want = n.find(func(e *interest) bool { return valid && subject.Intersects(e.subject, name) })
	l.ReverseMatch(name, r)
	if got := render(r); got != want {
		t.Fatalf("ReverseMatch(%q) in %v:\n got %s\nwant %s", name, n, got, want)
	}
	if l.Count() != len(n) {
		t.Fatalf("Count() = %d, want %d", l.Count(), len(n))
	}
}

func TestRefusals(t *testing.T) {
	for _, name := range []string{"", ".", "a..b", ".a", "a.", ">.a", "a.>.b"} {
		l := newList(t)
		if err := l.Insert(plain(name)); !errors.Is(err, ErrInvalidSubject) {
			t.Errorf("Insert(%q) = %v", name, err)
		}
		if l.Count() != 0 {
			t.Errorf("%q was counted", name)
		}
	}
	for _, e := range []*interest{plain("a.b"), plain("a.*"), member("a.>", "q", 1)} {
		l := newList(t, plain("a.c"), plain("a.*"), e)
		if err := l.Insert(e); !errors.Is(err, ErrDuplicate) {
			t.Errorf("second Insert(%v) = %v", e, err)
		}
		if err := l.Remove(e); err != nil {
			t.Errorf("Remove(%v) = %v", e, err)
		}
		if err := l.Remove(e); !errors.Is(err, ErrNotFound) {
			t.Errorf("second Remove(%v) = %v", e, err)
		}
		if l.Count() != 2 {
			t.Errorf("Count() = %d", l.Count())
		}
	}
}

// Groups of one name are one group, whatever their subjects; weights are slots.
func TestGroups(t *testing.T) {
	all := naive{
		plain("a.b"), plain("a.*"), plain("a.b"),
		member("a.b", "q", 1), member("a.*", "q", 1), member("a.b", "q", 3),
		member(">", "other", 1), member("a.>", "remote", 4), member("a.b", "remote", 0),
		member("b", "q", 1),
	}
	l := newList(t, all...)
	var r Result[*interest]
	for _, name := range []string{"a.b", "a.c", "b", "c", "a.b.c", "a..b", "a.*", "*.b", ">", "a.>"} {
		all.check(t, l, name, &r)
	}
	l.Match("a.b", &r)
	sizes := map[string]int{}
	for _, g := range r.Queues {
		sizes[g.Queue] = len(g.Members)
	}
	for queue, want := range map[string]int{"q": 5, "other": 1, "remote": 5} {
		if sizes[queue] != want {
			t.Errorf("group %q has %d slots, want %d", queue, sizes[queue], want)
		}
	}
}

func TestWeightIsBounded(t *testing.T) {
	l := newList(t, member("a", "q", 1<<30))
	var r Result[*interest]
	l.Match("a", &r)
	if n := len(r.Queues[0].Members); n != MaxWeight {
		t.Errorf("%d slots", n)
	}
}

// Many entries, groups and members on one subject take other paths than few.
func TestCrowds(t *testing.T) {
	const many = 5 * maxScan
	var all naive
	for i := range many {
		all = append(all, plain("a"), member("a", "q", 1+i%2), member("a", fmt.Sprint("q", i), 1), member("*", fmt.Sprint("q", i), 1))
	}
	l := newList(t, all...)
	var r Result[*interest]
	all.check(t, l, "a", &r)
	for len(all) > 0 {
		at := (len(all) * 7919) % len(all)
		if len(all)%3 == 0 {
			at = len(all) / 2
		}
		if err := l.Remove(all[at]); err != nil {
			t.Fatal(err)
		}
		if err := l.Remove(all[at]); !errors.Is(err, ErrNotFound) {
			t.Fatalf("removed twice: %v", err)
		}
		all = slices.Delete(all, at, at+1)
		if len(all)%10 == 0 {
			all.check(t, l, "a", &r)
		}
	}
	if s := l.Stats(); s.Subjects != 0 {
		t.Errorf("%d subjects are left", s.Subjects)
	}
}

func TestResultIsReused(t *testing.T) {
	l := newList(t, plain("a"), member("a", "q", 2), member("b", "p", 1))
	var r Result[*interest]
	l.Match("a", &r)
	members := r.Queues[0].Members
	l.Match("b", &r)
	if len(r.Plain) != 0 || len(r.Queues) != 1 || r.Queues[0].Queue != "p" || len(r.Queues[0].Members) != 1 {
		t.Errorf("got %s", render(&r))
	}
	r.Reset()
	if !r.Empty() || members[0] != nil || members[1] != nil {
		t.Error("a reset result holds on to entries")
	}
	if n := testing.AllocsPerRun(100, func() { l.Match("a", &r); l.HasInterest("a") }); n != 0 {
		t.Errorf("Match allocates %v times", n)
	}
}

func TestStats(t *testing.T) {
	e := plain("a.b")
	l := newList(t, e, plain("a.b"), plain("a.*"))
	var r Result[*interest]
	l.Match("a.b", &r)
	if err := l.Remove(e); err != nil {
		t.Fatal(err)
	}
	want := Stats{Entries: 2, Subjects: 2, Wildcards: 1, Inserts: 3, Removes: 1, Matches: 1}
	if got := l.Stats(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
