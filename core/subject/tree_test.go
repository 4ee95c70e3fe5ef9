package subject

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// question is one of the three a tree answers, and its definition.
type question struct {
	name    string
	ask     func(t *Tree[string], subject string, visit func(string) bool) bool
	holds   func(subject, kept string) bool
	literal bool // subject is literal text
}

var questions = []question{
	{"Match", (*Tree[string]).Match, func(subject, kept string) bool { return Matches(kept, subject) }, true},
	{"Covering", (*Tree[string]).Covering, func(subject, kept string) bool { return SubsetOf(subject, kept) }, false},
	{"Intersecting", (*Tree[string]).Intersecting, func(subject, kept string) bool { return Intersects(subject, kept) }, false},
}

// compare asks the tree everything about subject and holds it against kept.
func compare(t *testing.T, tree *Tree[string], kept map[string]bool, subject string) {
	t.Helper()
	for _, q := range questions {
		if !q.literal && !ValidSubscription(subject) {
			continue
		}
		var got, want []string
		q.ask(tree, subject, func(v string) bool { got = append(got, v); return true })
		for k := range kept {
			if q.holds(subject, k) {
				want = append(want, k)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s(%q) of %q:\n got %q\nwant %q", q.name, subject, slices.Sorted(maps.Keys(kept)), got, want)
		}
	}
}

func TestTreeAgainstFunctions(t *testing.T) {
	var patterns []string
	for _, p := range rows([]string{"a", "b", "*", ">"}, 3) {
		if ValidSubscription(p) {
			patterns = append(patterns, p)
		}
	}
	subjects := append(rows([]string{"a", "b", "c", "*", ">"}, 3), "", ".", "a.", ".a", "a..b")
	random := rand.New(rand.NewPCG(1, 2))
	var tree Tree[string]
	kept := map[string]bool{}
	for range 600 {
		p := patterns[random.IntN(len(patterns))]
		if kept[p] && random.IntN(2) == 0 {
			if !tree.Delete(p) {
				t.Fatalf("Delete(%q) found nothing", p)
			}
			delete(kept, p)
		} else {
			tree.Set(p, p)
			kept[p] = true
		}
		if tree.Len() != len(kept) {
			t.Fatalf("Len() = %d, want %d", tree.Len(), len(kept))
		}
		compare(t, &tree, kept, subjects[random.IntN(len(subjects))])
	}
}

// interpret reads a script of subjects: "+x" sets, "-x" deletes, "?x" asks.
func interpret(t *testing.T, script string) {
	var tree Tree[string]
	kept := map[string]bool{}
	for line := range strings.SplitSeq(script, "\n") {
		if line == "" {
			continue
		}
		subject := line[1:]
		switch valid := ValidSubscription(subject); {
		case line[0] == '+' && valid:
			tree.Set(subject, subject)
			kept[subject] = true
		case line[0] == '-' && valid:
			if tree.Delete(subject) != kept[subject] {
				t.Fatalf("Delete(%q) = %v", subject, !kept[subject])
			}
			delete(kept, subject)
		default:
			if _, ok := tree.Get(subject); valid && ok != kept[subject] {
				t.Fatalf("Get(%q) = %v", subject, ok)
			}
			compare(t, &tree, kept, subject)
		}
	}
	for subject := range kept {
		tree.Delete(subject)
	}
	if !tree.Bare() {
		t.Fatal("something is left of an emptied tree")
	}
}

func FuzzTree(f *testing.F) {
	f.Add("+a.b\n+a.*\n+a.>\n?a.b\n-a.*\n?a.b\n?>")
	f.Add("+*.*.*\n+a.>\n+>\n?a.b.c\n?a..c\n-a.>\n?*.b")
	f.Fuzz(func(t *testing.T, script string) {
		interpret(t, script)
	})
}

func TestTreeReplaces(t *testing.T) {
	for _, p := range []string{"a.b", "a.*", "a.>"} {
		var tree Tree[int]
		tree.Set(p, 1)
		tree.Set(p, 2)
		if v, ok := tree.Get(p); v != 2 || !ok || tree.Len() != 1 {
			t.Errorf("%q: got %d %v, %d subjects", p, v, ok, tree.Len())
		}
	}
}

func TestTreeStops(t *testing.T) {
	var tree Tree[int]
	for i, p := range []string{"a", "*", ">", "b", "*.a"} {
		tree.Set(p, i)
	}
	for name, ask := range map[string]func(string, func(int) bool) bool{
		"Match": tree.Match, "Covering": tree.Covering, "Intersecting": tree.Intersecting,
	} {
		calls := 0
		if ask("a", func(int) bool { calls++; return false }) || calls != 1 {
			t.Errorf("%s went on after %d calls", name, calls)
		}
	}
}

// A node with many children changes how it keeps them, and back.
func TestTreeWideLevels(t *testing.T) {
	const width = 3 * shrinkMin
	var tree Tree[string]
	pattern := func(i int) string { return fmt.Sprintf("a.%d.*", i) }
	for i := range width {
		tree.Set(pattern(i), pattern(i))
		tree.Set(fmt.Sprint(i), "")
	}
	for i := range width {
		found := ""
		tree.Match(fmt.Sprintf("a.%d.x", i), func(v string) bool { found = v; return true })
		if found != pattern(i) {
			t.Fatalf("found %q in place of %q", found, pattern(i))
		}
		if !tree.Delete(pattern(i)) || tree.Delete(pattern(i)) || !tree.Delete(fmt.Sprint(i)) {
			t.Fatalf("%q was not deleted once", pattern(i))
		}
	}
	if !tree.Bare() || tree.literals.peak >= shrinkMin {
		t.Error("something is left of an emptied tree")
	}
}

func TestTableShrinks(t *testing.T) {
	var table table[int]
	for i := range 10 * shrinkMin {
		table.set(fmt.Sprint(i), i)
	}
	for i := range 10*shrinkMin - 100 {
		table.delete(fmt.Sprint(i))
	}
	if table.peak > shrinkMin {
		t.Errorf("a table of %d still has room for %d", table.len(), table.peak)
	}
	for i := 10*shrinkMin - 100; i < 10*shrinkMin; i++ {
		if v, ok := table.get(fmt.Sprint(i)); !ok || v != i {
			t.Fatalf("%d is lost", i)
		}
	}
}

// A tree full of overlapping wildcards is walked once, not once per way to read
// the subject.
func TestTreeAdversary(t *testing.T) {
	const depth = 12
	var tree Tree[string]
	for bits := range 1 << depth {
		tokens := make([]string, depth)
		for i := range tokens {
			tokens[i] = "a"
			if bits>>i&1 == 1 {
				tokens[i] = "*"
			}
		}
		p := strings.Join(tokens, ".")
		tree.Set(p, p)
	}
	found := 0
	tree.Match(strings.TrimSuffix(strings.Repeat("a.", depth), "."), func(string) bool { found++; return true })
	if found != 1<<depth {
		t.Errorf("found %d of %d", found, 1<<depth)
	}
}

func TestTreeAllocations(t *testing.T) {
	var tree Tree[string]
	for _, p := range []string{"a.b.c", "a.*.c", "a.>", "*.b.*"} {
		tree.Set(p, p)
	}
	found := 0
	if n := testing.AllocsPerRun(100, func() {
		visit := func(string) bool { found++; return true }
		tree.Match("a.b.c", visit)
		tree.Covering("a.b.*", visit)
		tree.Intersecting("a.*.>", visit)
	}); n != 0 {
		t.Errorf("questions allocate %v times", n)
	}
	if found == 0 {
		t.Error("nothing was found")
	}
}
