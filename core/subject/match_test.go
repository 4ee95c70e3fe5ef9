package subject

import (
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern, literal string
		want             bool
	}{
		{"foo", "foo", true},
		{"foo", "bar", false},
		{"foo", "foo.bar", false},
		{"foo.bar", "foo", false},
		{"foo.*", "foo.bar", true},
		{"foo.*", "foo", false},
		{"foo.*", "foo.bar.baz", false},
		{"foo.>", "foo.bar", true},
		{"foo.>", "foo.bar.baz", true},
		{"foo.>", "foo", false},
		{"foo.>", "food.bar", false},
		{">", "$SYS.x", true},
		{"*.*", "a.b", true},
		{"a*", "a*", true},
		{"a*", "ab", false},
		// A published wildcard is literal text.
		{"foo.*", "foo.*", true},
		{"foo.>", "foo.*", true},
		{">", "foo.*", true},
		{"foo.bar", "foo.*", false},
		{"foo.*", "foo.>", true},
		{"foo.bar", "foo.>", false},
		// An empty token reaches nobody.
		{">", "", false},
		{">", "a..b", false},
		{"a.*.b", "a..b", false},
		{"a.*", "a.", false},
		{"*.a", ".a", false},
		{"a.>", "a.b.", false},
	}
	for _, tt := range tests {
		if got := Matches(tt.pattern, []byte(tt.literal)); got != tt.want {
			t.Errorf("Matches(%q, %q) = %v", tt.pattern, tt.literal, got)
		}
	}
}

func TestQueueMatches(t *testing.T) {
	tests := []struct {
		pattern, queue string
		want           bool
	}{
		{"v1", "v1", true},
		{"v1", "v2", false},
		{"v1.*", "v1.x", true},
		{"v1.*", "v1", false},
		{"v1.*", "v1.x.y", false},
		{"v1.>", "v1.x.y", true},
		{"v1.>", "v1.", true},
		{"v1.*", "v1.*", true},
		{"v1.x", "v1.*", false},
		{">", "", true},
		{"*", "anything", true},
	}
	for _, tt := range tests {
		if got := QueueMatches(tt.pattern, tt.queue); got != tt.want {
			t.Errorf("QueueMatches(%q, %q) = %v", tt.pattern, tt.queue, got)
		}
	}
}

func TestSubsetOf(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"foo", "foo", true},
		{"foo.*", "foo.*", true},
		{"foo.*", "foo.>", true},
		{"foo.>", "foo.>", true},
		{"foo.>", "foo.*", false}, // the hole of the reference
		{"foo.bar", "foo.*", true},
		{"foo.*", "foo.bar", false},
		{"foo.>", ">", true},
		{">", "foo.>", false},
		{"*.a", "foo.>", false},
		{"*.*", "*.>", true},
		{"*.>", "*.*", false},
		{">", "*.>", false},
		{"*", ">", true},
	}
	for _, tt := range tests {
		if got := SubsetOf(tt.a, tt.b); got != tt.want {
			t.Errorf("SubsetOf(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestIntersects(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"foo", "foo", true},
		{"foo", "bar", false},
		{"foo.*", "*.bar", true},
		{"foo.*", "bar.*", false},
		{"foo.>", "*.bar.baz", true},
		{"foo.>", "foo", false},
		{"a.b.>", "a.*", false},
		{"a.>", "a.*", true},
		{">", "a", true},
		{"*.b", "a.>", true},
	}
	for _, tt := range tests {
		if got := Intersects(tt.a, tt.b); got != tt.want {
			t.Errorf("Intersects(%q, %q) = %v", tt.a, tt.b, got)
		}
		if got := Intersects(tt.b, tt.a); got != tt.want {
			t.Errorf("Intersects(%q, %q) = %v", tt.b, tt.a, got)
		}
	}
}

// rows returns every row of one to most tokens out of an alphabet, as subjects.
func rows(alphabet []string, most int) []string {
	all, last := []string{}, []string{""}
	for range most {
		var next []string
		for _, row := range last {
			for _, token := range alphabet {
				next = append(next, strings.TrimPrefix(row+"."+token, "."))
			}
		}
		all, last = append(all, next...), next
	}
	return all
}

// splitMatches is the definition of matching, written down plainly.
func splitMatches(pattern, literal string) bool {
	p, l := strings.Split(pattern, "."), strings.Split(literal, ".")
	for _, token := range l {
		if token == "" {
			return false
		}
	}
	for i, token := range p {
		switch {
		case token == ">":
			return i < len(l)
		case i >= len(l) || token != "*" && token != l[i]:
			return false
		}
	}
	return len(p) == len(l)
}

// Over an alphabet with a token that no pattern names, and with literal "*" and
// ">", what holds for all short subjects holds for all subjects.
func TestBruteForce(t *testing.T) {
	var patterns []string
	for _, p := range rows([]string{"a", "b", "*", ">"}, 3) {
		if ValidSubscription(p) {
			patterns = append(patterns, p)
		}
	}
	literals := rows([]string{"a", "b", "c", "*", ">"}, 4)
	matched := make(map[string][]bool, len(patterns))
	for _, p := range patterns {
		for _, l := range literals {
			want := splitMatches(p, l)
			if got := Matches(p, l); got != want {
				t.Fatalf("Matches(%q, %q) = %v", p, l, got)
			}
			matched[p] = append(matched[p], want)
		}
	}
	t.Run("spec 01 #138", func(t *testing.T) {
		for _, a := range patterns {
			for _, b := range patterns {
				subset, common := true, false
				for i := range literals {
					inA, inB := matched[a][i], matched[b][i]
					subset = subset && (!inA || inB)
					common = common || inA && inB
				}
				if got := SubsetOf(a, b); got != subset {
					t.Fatalf("SubsetOf(%q, %q) = %v", a, b, got)
				}
				if got := Intersects(a, b); got != common {
					t.Fatalf("Intersects(%q, %q) = %v", a, b, got)
				}
			}
		}
	})
}

func FuzzMatches(f *testing.F) {
	for _, seed := range [][2]string{{"foo.*", "foo.bar"}, {"a.>", "a..b"}, {">", ""}, {"*.x.>", "a.x.*"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, other string) {
		if !ValidSubscription(pattern) {
			return
		}
		if got, want := Matches(pattern, []byte(other)), splitMatches(pattern, other); got != want {
			t.Fatalf("Matches(%q, %q) = %v", pattern, other, got)
		}
		if !SubsetOf(pattern, pattern) || !Intersects(pattern, pattern) {
			t.Fatalf("%q is not within itself", pattern)
		}
		if !ValidSubscription(other) {
			return
		}
		if SubsetOf(other, pattern) && !Intersects(pattern, other) {
			t.Fatalf("%q is within %q and has nothing in common with it", other, pattern)
		}
		if !HasWildcard(other) && SubsetOf(other, pattern) != Matches(pattern, other) {
			t.Fatalf("%q: subset of and match with %q differ", other, pattern)
		}
	})
}

func BenchmarkMatches(b *testing.B) {
	literal := []byte("orders.eu.4711.created")
	b.ReportAllocs()
	for b.Loop() {
		Matches("orders.*.4711.>", literal)
	}
}

func BenchmarkHasEmptyToken(b *testing.B) {
	literal := []byte("orders.eu.4711.created")
	b.ReportAllocs()
	for b.Loop() {
		HasEmptyToken(literal)
	}
}
