package main

import (
	"encoding/binary"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The range of latencies that are told apart, with three significant digits.
const (
	shortestLatency = 100 * time.Nanosecond
	longestLatency  = 30 * time.Second
)

// A latency gathers the latencies of one measurement. Agents record through a
// recorder each; nothing is kept outside the window between begin and end.
type latency struct {
	open atomic.Bool

	mu        sync.Mutex
	recorders []*recorder // guarded by mu
}

// A recorder belongs to one goroutine.
type recorder struct {
	open      *atomic.Bool
	histogram *hdrhistogram.Histogram
}

// recorder adds a recorder for one goroutine.
func (l *latency) recorder() *recorder {
	r := &recorder{&l.open, hdrhistogram.New(int64(shortestLatency), int64(longestLatency), 3)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recorders = append(l.recorders, r)
	return r
}

func (l *latency) begin() { l.open.Store(true) }
func (l *latency) end()   { l.open.Store(false) }

// quantiles returns the 50th and 99th percentile in microseconds, not-a-number
// when nothing was recorded. The agents must have stopped.
func (l *latency) quantiles() (p50, p99 float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := hdrhistogram.New(int64(shortestLatency), int64(longestLatency), 3)
	for _, r := range l.recorders {
		all.Merge(r.histogram)
	}
	if all.TotalCount() == 0 {
		return math.NaN(), math.NaN()
	}
	const micro = float64(time.Microsecond)
	return float64(all.ValueAtQuantile(50)) / micro, float64(all.ValueAtQuantile(99)) / micro
}

// record keeps one latency; one out of range counts as the nearest in range.
func (r *recorder) record(d time.Duration) {
	if !r.open.Load() {
		return
	}
	d = min(max(d, shortestLatency), longestLatency)
	// Cannot fail: the value is in the histogram's range.
	_ = r.histogram.RecordValue(int64(d))
}

// epoch is what stamps count from: sender and receiver are this process.
var epoch = time.Now()

// stamp writes the time of sending into the first 8 bytes of the payload.
func stamp(payload []byte) {
	binary.LittleEndian.PutUint64(payload, uint64(nanotime()))
}

// sinceStamp returns how long ago the payload was stamped.
func sinceStamp(payload []byte) time.Duration {
	return nanotime() - time.Duration(binary.LittleEndian.Uint64(payload))
}

// nanotime returns the monotonic time since this process began.
func nanotime() time.Duration { return time.Since(epoch) }
