package subject

// table is a map that gives memory back: Go's own keeps what it once grew to.
type table[V any] struct {
	m    map[string]V
	peak int // the most there were since m was made
}

// A table is made anew when it has shrunk to 1/shrinkBy of its peak: seldom
// enough to be free on average, and the copy is short even after millions.
const (
	shrinkBy  = 32
	shrinkMin = 1024
)

func (t *table[V]) len() int { return len(t.m) }

func (t *table[V]) get(key string) (V, bool) {
	v, ok := t.m[key]
	return v, ok
}

func (t *table[V]) set(key string, v V) {
	if t.m == nil {
		t.m = make(map[string]V)
	}
	t.m[key] = v
	t.peak = max(t.peak, len(t.m))
}

func (t *table[V]) delete(key string) bool {
	if _, ok := t.m[key]; !ok {
		return false
	}
	delete(t.m, key)
	if t.peak >= shrinkMin && len(t.m) <= t.peak/shrinkBy {
		t.shrink()
	}
	return true
}

func (t *table[V]) shrink() {
	m := make(map[string]V, len(t.m))
	for key, v := range t.m {
		m[key] = v
	}
	t.m, t.peak = m, len(m)
}
