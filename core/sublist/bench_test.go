package sublist

import (
	"fmt"
	"runtime"
	"testing"
)

var sizes = []struct {
	name string
	n    int
}{{"10k", 10_000}, {"1M", 1_000_000}}

func filled(b *testing.B, n int, pattern string) *List[*interest] {
	b.Helper()
	l := newList(b)
	for i := range n {
		if err := l.Insert(plain(fmt.Sprintf(pattern, i))); err != nil {
			b.Fatal(err)
		}
	}
	return l
}

func benchmarkMatch(b *testing.B, pattern, published string) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			l := filled(b, size.n, pattern)
			names := make([]string, 10_000)
			for i := range names {
				names[i] = fmt.Sprintf(published, i)
			}
			var r Result[*interest]
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				l.Match(names[i%len(names)], &r)
				i++
			}
			if len(r.Plain) != 1 {
				b.Fatalf("%d receivers", len(r.Plain))
			}
		})
	}
}

func BenchmarkMatchLiteral(b *testing.B)  { benchmarkMatch(b, "orders.%d.new", "orders.%d.new") }
func BenchmarkMatchWildcard(b *testing.B) { benchmarkMatch(b, "orders.%d.*", "orders.%d.new") }

// BenchmarkMatchUnrelated: a subject nobody else has to do with.
func BenchmarkMatchUnrelated(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			l := filled(b, size.n, "orders.%d.*")
			if err := l.Insert(plain("foo")); err != nil {
				b.Fatal(err)
			}
			var r Result[*interest]
			b.ReportAllocs()
			for b.Loop() {
				l.Match("foo", &r)
			}
		})
	}
}

func BenchmarkMatchParallel(b *testing.B) {
	l := filled(b, 10_000, "orders.%d.new")
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var r Result[*interest]
		for pb.Next() {
			l.Match("orders.4711.new", &r)
		}
	})
}

func BenchmarkChurn(b *testing.B) {
	for _, kind := range []struct{ name, fill, change string }{
		{"literal", "orders.%d.new", "orders.x.new"},
		{"wildcard", "orders.%d.*", "orders.x.*"},
	} {
		for _, size := range sizes {
			b.Run(kind.name+"/"+size.name, func(b *testing.B) {
				l := filled(b, size.n, kind.fill)
				e := plain(kind.change)
				b.ReportAllocs()
				for b.Loop() {
					if l.Insert(e) != nil || l.Remove(e) != nil {
						b.Fatal("refused")
					}
				}
			})
		}
	}
}

func BenchmarkStamp(b *testing.B) {
	l, name := newList(b), []byte("orders.4711.new")
	b.ReportAllocs()
	for b.Loop() {
		l.Stamp(name)
	}
}

func BenchmarkFresh(b *testing.B) {
	s := newList(b).Stamp([]byte("orders.4711.new"))
	b.ReportAllocs()
	for b.Loop() {
		if !s.Fresh() {
			b.Fatal("stale")
		}
	}
}

// BenchmarkMemory reports what the list itself needs per entry.
func BenchmarkMemory(b *testing.B) {
	for _, kind := range []struct{ name, pattern string }{
		{"literal", "orders.%d.new"},
		{"wildcard", "orders.%d.*"},
		{"one-subject", "orders%.0s"},
	} {
		b.Run(kind.name, func(b *testing.B) {
			const n = 1_000_000
			es := make([]*interest, n)
			for i := range es {
				es[i] = plain(fmt.Sprintf(kind.pattern, i))
			}
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				l := newList(b, es...)
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/entry")
				runtime.KeepAlive(l)
			}
			runtime.KeepAlive(es)
		})
	}
}
