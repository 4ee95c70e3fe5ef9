package broker_test

import (
	"bytes"
	"testing"

	"github.com/trellismq/trellis/core/broker"
)

// sink is a transport that takes everything and keeps nothing.
type sink struct{ bytes int }

func (s *sink) TryWrite(bufs [][]byte) (int, error) {
	n := 0
	for _, b := range bufs {
		n += len(b)
	}
	s.bytes += n
	return n, nil
}
func (s *sink) Write(bufs [][]byte) (int, error) { return s.TryWrite(bufs) }
func (s *sink) Interrupt()                       {}

// delivery is a publisher and its subscribers, fed by hand.
type delivery struct {
	name      string
	subscribe []string // one line per subscriber
	publish   string
}

var deliveries = []delivery{
	{"literal", []string{"SUB foo.bar 1\r\n"}, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"wildcard", []string{"SUB foo.* 1\r\n"}, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"nobody", nil, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"queue", []string{"SUB foo.bar q 1\r\n", "SUB foo.* q 2\r\n", "SUB foo.bar q 3\r\n"}, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"reply", []string{"SUB foo.bar 1\r\n"}, "PUB foo.bar _INBOX.abc.def 16\r\n0123456789abcdef\r\n"},
	{"headers", []string{"SUB foo.bar 1\r\n"}, "HPUB foo.bar 18 34\r\nNATS/1.0\r\nA: B\r\n\r\n0123456789abcdef\r\n"},
	{"fan of 8", []string{"SUB foo.bar 1\r\n", "SUB foo.bar 1\r\n", "SUB foo.> 1\r\n", "SUB foo.bar 1\r\n",
		"SUB foo.bar 2\r\n", "SUB foo.bar 3\r\n", "SUB foo.> 4\r\n", "SUB foo.bar 5\r\n"}, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"fan and queue", []string{"SUB foo.bar 1\r\n", "SUB foo.bar q 2\r\n"}, "PUB foo.bar 16\r\n0123456789abcdef\r\n"},
	{"large", []string{"SUB foo.bar 1\r\n"}, "PUB foo.bar 8192\r\n" + string(bytes.Repeat([]byte("x"), 8192)) + "\r\n"},
}

const perBatch = 64

// open connects the subscribers and the publisher of d, and returns a function
// that feeds one batch.
func (d *delivery) open(t testing.TB, b *broker.Broker) func() {
	t.Helper()
	attach := func(lines string) *broker.Client {
		c, err := b.Attach(broker.Conn{Transport: &sink{}})
		if err != nil {
			t.Fatal(err)
		}
		lines = "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n" + lines
		n := feed(t, c, []byte(lines))
		if n != len(lines) {
			t.Fatalf("%d of %d bytes taken of %q", n, len(lines), lines)
		}
		t.Cleanup(func() { c.Finish(nil) })
		return c
	}
	for _, line := range d.subscribe {
		attach(line)
	}
	publisher := attach("")
	batch := bytes.Repeat([]byte(d.publish), perBatch)
	return func() {
		if n, status := publisher.Ingest(batch); n != len(batch) || status != broker.More {
			t.Fatalf("%d of %d bytes taken, status %v", n, len(batch), status)
		}
		publisher.EndBatch()
	}
}

// feed offers p to c as a transport does, and answers how much was taken.
func feed(t testing.TB, c *broker.Client, p []byte) int {
	t.Helper()
	used := 0
	for {
		n, status := c.Ingest(p[used:])
		used += n
		if status == broker.Parked {
			if status = c.Await(); status == broker.More {
				continue
			}
		}
		c.EndBatch()
		return used
	}
}

// Nothing is allocated per message from bytes in to bytes out.
func TestDeliveryAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("pools forget at random under the race detector")
	}
	for _, d := range deliveries {
		t.Run(d.name, func(t *testing.T) {
			b := newBroker(t)
			batch := d.open(t, b)
			for range 100 {
				batch() // caches and pools fill
			}
			if n := testing.AllocsPerRun(200, batch) / perBatch; n >= 0.01 {
				t.Errorf("%v allocations per message", n)
			}
		})
	}
}

func BenchmarkDelivery(b *testing.B) {
	for _, d := range deliveries {
		b.Run(d.name, func(b *testing.B) {
			br := newBroker(b)
			batch := d.open(b, br)
			b.ReportAllocs()
			for i := 0; i < b.N; i += perBatch {
				batch()
			}
		})
	}
}

func newBroker(t testing.TB) *broker.Broker {
	t.Helper()
	b, err := broker.New(broker.Options{DontListen: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Shutdown)
	return b
}
