package account

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestRepliesAreUsedUp(t *testing.T) {
	for _, tt := range []struct{ max, want int }{{0, 1}, {1, 1}, {2, 2}, {10, 10}, {-1, 100}} {
		r := NewReplies(auth.Responses{Max: tt.max})
		r.Track([]byte("reply"), start)
		used := 0
		for range 100 {
			if r.Use([]byte("reply"), start) {
				used++
			}
		}
		if used != tt.want {
			t.Errorf("max %d: %d answers", tt.max, used)
		}
	}
	r := NewReplies(auth.Responses{})
	if r.Use([]byte("reply"), start) {
		t.Error("an unknown reply may be used")
	}
}

func TestRepliesExpire(t *testing.T) {
	for _, tt := range []struct{ expires, age time.Duration }{
		{0, 2 * time.Minute}, {time.Second, time.Second}, {-1, 1000 * time.Hour},
	} {
		r := NewReplies(auth.Responses{Max: -1, Expires: tt.expires})
		r.Track([]byte("reply"), start)
		if !r.Use([]byte("reply"), start.Add(tt.age)) {
			t.Errorf("expires %v: refused after %v", tt.expires, tt.age)
		}
		if r.Use([]byte("reply"), start.Add(tt.age+1)) != (tt.expires < 0) {
			t.Errorf("expires %v: wrong after %v", tt.expires, tt.age+1)
		}
	}
}

// A request with a reply that is open neither renews it nor counts as an answer;
// one whose reply is used up or expired opens it anew.
func TestRepliesTrackedAgain(t *testing.T) {
	reply := []byte("reply")
	r := NewReplies(auth.Responses{Max: 1, Expires: time.Second})
	r.Track(reply, start)
	r.Track(reply, start.Add(time.Second/2))
	if r.Len() != 1 || !r.Use(reply, start.Add(time.Second)) {
		t.Error("tracked twice, refused")
	}
	if r.Use(reply, start.Add(time.Second)) {
		t.Error("tracked twice, two answers")
	}
	r.Track(reply, start.Add(time.Second))
	if !r.Use(reply, start.Add(2*time.Second)) {
		t.Error("a used reply is not opened anew")
	}
	r.Track(reply, start.Add(2*time.Second))
	r.Track(reply, start.Add(4*time.Second))
	if !r.Use(reply, start.Add(5*time.Second)) {
		t.Error("an expired reply is not opened anew")
	}
	if r.Len() != 0 || r.oldest != nil || r.newest != nil {
		t.Errorf("%d replies are left", r.Len())
	}
}

func TestRepliesAreForgotten(t *testing.T) {
	const many = 10_000
	r := NewReplies(auth.Responses{Max: 1, Expires: time.Second})
	for i := range many {
		r.Track(fmt.Append(nil, "old.", i), start)
	}
	for i := range many / 2 {
		r.Use(fmt.Append(nil, "old.", 2*i), start)
	}
	if r.Len() != many/2 {
		t.Fatalf("%d replies are open", r.Len())
	}
	later := start.Add(2 * time.Second)
	for i := range many / 2 / (expireAtOnce - 1) {
		r.Track(fmt.Append(nil, "new.", i), later)
		if n := r.Len(); n < many/2-(i+1)*expireAtOnce {
			t.Fatalf("one call forgot too many: %d are left after %d", n, i+1)
		}
	}
	r.Track([]byte("last"), later)
	for e := r.oldest; e != nil; e = e.newer {
		if e.since != later {
			t.Fatalf("%q is still there", e.subject)
		}
	}
}

func TestRepliesConcurrently(t *testing.T) {
	const workers, rounds = 4, 2000
	r := NewReplies(auth.Responses{Max: 2, Expires: time.Minute})
	for i := range rounds {
		r.Track(fmt.Append(nil, i), start)
	}
	var used atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range rounds {
				r.Track(fmt.Append(nil, "other.", i), start)
				if r.Use(fmt.Append(nil, i), start) {
					used.Add(1)
				}
			}
		})
	}
	group.Wait()
	if used.Load() != 2*rounds || r.Len() != rounds {
		t.Errorf("%d answers, %d open", used.Load(), r.Len())
	}
}

func BenchmarkReplies(b *testing.B) {
	r := NewReplies(auth.Responses{})
	reply := []byte("_INBOX.abcdefghijklmnop.12345678")
	b.ReportAllocs()
	for b.Loop() {
		r.Track(reply, start)
		if !r.Use(reply, start) {
			b.Fatal("refused")
		}
	}
}
