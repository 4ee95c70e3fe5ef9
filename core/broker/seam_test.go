package broker_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/broker"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// tap is a transport of a test: writes are short at random, what was written
// can be waited for.
type tap struct {
	mu       sync.Mutex
	changed  *sync.Cond
	rng      *rand.Rand
	stuck    bool // takes nothing until released
	got      []byte
	closed   bool
	deadline bool
}

func newTap(seed uint64) *tap {
	t := &tap{rng: rand.New(rand.NewPCG(seed, 1))}
	t.changed = sync.NewCond(&t.mu)
	return t
}

func (t *tap) TryWrite(bufs [][]byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return 0, io.ErrClosedPipe
	}
	if t.stuck {
		return 0, nil
	}
	total := 0
	for _, b := range bufs {
		n := len(b)
		if t.rng.IntN(3) == 0 {
			n = t.rng.IntN(len(b) + 1)
		}
		t.got = append(t.got, b[:n]...)
		total += n
		if n < len(b) {
			break
		}
	}
	t.changed.Broadcast()
	return total, nil
}

func (t *tap) Write(bufs [][]byte) (int, error) {
	t.mu.Lock()
	for t.stuck && !t.closed {
		t.changed.Wait()
	}
	t.mu.Unlock()
	total := 0
	for _, b := range bufs {
		for len(b) > 0 {
			n, err := t.TryWrite([][]byte{b})
			total += n
			if err != nil {
				return total, err
			}
			b = b[n:]
		}
	}
	return total, nil
}

func (t *tap) Interrupt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.changed.Broadcast()
}

// hold makes the transport take nothing more for now.
func (t *tap) hold() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stuck = true
}

func (t *tap) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stuck = false
	t.changed.Broadcast()
}

// wait returns what was written as soon as ok says that it is enough.
func (t *tap) wait(tb testing.TB, what string, ok func([]byte) bool) []byte {
	tb.Helper()
	timer := time.AfterFunc(patience, func() {
		t.mu.Lock()
		t.deadline = true
		t.mu.Unlock()
		t.changed.Broadcast()
	})
	defer timer.Stop()
	t.mu.Lock()
	defer t.mu.Unlock()
	for !ok(t.got) {
		if t.deadline {
			tb.Fatalf("waiting for %s; got %d bytes, the last %q", what, len(t.got), tail(t.got, 200))
		}
		t.changed.Wait()
	}
	return bytes.Clone(t.got)
}

func tail(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// plug is a client on a tap, fed from a goroutine of its own as a transport
// does.
type plug struct {
	*tap
	client *broker.Client
	input  chan []byte
	over   chan struct{} // closed when the connection is over
	done   chan struct{} // closed when nobody feeds it any more
}

func plugIn(t testing.TB, b *broker.Broker, seed uint64) *plug {
	t.Helper()
	p := &plug{tap: newTap(seed), input: make(chan []byte, 1024), over: make(chan struct{}), done: make(chan struct{})}
	c, err := b.Attach(broker.Conn{Transport: p.tap})
	if err != nil {
		t.Fatal(err)
	}
	p.client = c
	go p.serve()
	t.Cleanup(func() { close(p.input); <-p.done })
	p.say("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n")
	return p
}

func (p *plug) say(format string, args ...any) { p.input <- fmt.Appendf(nil, format, args...) }

func (p *plug) serve() {
	defer close(p.done)
	var rest []byte
	for more := range p.input {
		rest = append(rest, more...)
		status := broker.More
		for used := -1; used != 0 && len(rest) > 0; {
			used, status = p.client.Ingest(rest)
			rest = rest[used:]
			if status == broker.Parked {
				status = p.client.Await()
				used = -1
			}
			if status == broker.Closed {
				break
			}
		}
		p.client.EndBatch()
		rest = bytes.Clone(rest)
		if status == broker.Closed {
			break
		}
	}
	p.client.Finish(nil)
	close(p.over)
	for range p.input {
	}
}

// barrier waits until everything said so far was worked through.
func (p *plug) barrier(t testing.TB, n int) {
	t.Helper()
	p.say("PING\r\n")
	p.wait(t, "PONG", func(b []byte) bool { return bytes.Count(b, []byte("PONG\r\n")) >= n })
}

// lengthFramer is a framer of another protocol.
type lengthFramer struct{}

func (lengthFramer) AppendFrame(dst, key []byte, m *broker.Message) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(key)+len(m.Subject)+len(m.Body())))
	return append(append(append(dst, key...), m.Subject...), m.Body()...)
}

// A transport and a framer that the broker has never heard of carry traffic.
func TestForeignTransportAndFramer(t *testing.T) {
	b := newBroker(t)
	link := newTap(7)
	r, err := b.NewRemote(broker.RemoteOptions{Kind: broker.KindLeaf, Transport: link, Framer: lengthFramer{}, Origin: 9})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Subscribe("", "orders.>", "", 1, []byte("KEY:")); err != nil {
		t.Fatal(err)
	}
	p := plugIn(t, b, 1)
	p.say("SUB back 1\r\n")
	p.barrier(t, 1)
	var want []byte
	for i := range 3000 {
		body := bytes.Repeat([]byte{byte('a' + i%26)}, i%700)
		p.say("PUB orders.%d %d\r\n%s\r\n", i%50, len(body), body)
		want = lengthFramer{}.AppendFrame(want, []byte("KEY:"),
			&broker.Message{Subject: fmt.Appendf(nil, "orders.%d", i%50), Payload: body})
	}
	got := link.wait(t, "all frames", func(got []byte) bool { return len(got) >= len(want) })
	if !bytes.Equal(got, want) {
		t.Error("the frames are not those of the messages, in order")
	}
	if err := r.Publish("", "back", "", nil, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	p.wait(t, "the remote's message", func(b []byte) bool { return bytes.Contains(b, []byte("MSG back 1 5\r\nhello\r\n")) })
	if err := r.Publish("", "orders.1", "", nil, []byte("echo")); err != nil {
		t.Fatal(err)
	}
	p.say("PUB orders.end 0\r\n\r\n")
	link.wait(t, "the last frame", func(b []byte) bool { return bytes.HasSuffix(b, []byte("orders.end")) })
	if got := link.wait(t, "", func([]byte) bool { return true }); bytes.Contains(got, []byte("echo")) {
		t.Error("a message was sent back to where it came from")
	}
}

// A remote that stands for three members gets three quarters of a queue group.
func TestWeightedRemote(t *testing.T) {
	b := newBroker(t)
	link := newTap(3)
	r, err := b.NewRemote(broker.RemoteOptions{Kind: broker.KindRouter, Transport: link, Framer: lengthFramer{}, Origin: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Subscribe("", "work", "q", 3, nil); err != nil {
		t.Fatal(err)
	}
	local := plugIn(t, b, 2)
	local.say("SUB work q 1\r\n")
	local.barrier(t, 1)
	p := plugIn(t, b, 4)
	const n = 8000
	p.say("%s", bytes.Repeat([]byte("PUB work 0\r\n\r\n"), n))
	p.barrier(t, 1)
	const frame = 4 + len("work")
	got := link.wait(t, "the remote's share", func(b []byte) bool { return len(b)/frame > n/2 })
	msgs, _ := r.Target().Sent()
	mine, _ := local.client.Target().Sent()
	if msgs+mine != n {
		t.Errorf("%d and %d messages of %d", msgs, mine, n)
	}
	if share := float64(msgs) / n; share < 0.72 || share > 0.78 {
		t.Errorf("the remote's share is %.3f, not 3/4 (%d bytes)", share, len(got))
	}
}

// Each publisher's messages arrive in order and whole at every subscriber,
// whatever their sizes, however the input is split and however short writes are.
func TestStreamsUnderShortWrites(t *testing.T) {
	b := newBroker(t)
	late := plugIn(t, b, 100)
	late.hold()
	late.say("SUB s.> 9\r\n")
	subs := []*plug{late}
	for i := range 4 {
		p := plugIn(t, b, uint64(i))
		p.say("SUB s.> 1\r\nSUB s.1.* 2%d\r\nSUB s.*.x q 3\r\n", i%2)
		p.barrier(t, 1)
		subs = append(subs, p)
	}
	const publishers, each = 3, 400
	var group sync.WaitGroup
	for i := range publishers {
		p := plugIn(t, b, uint64(50+i))
		group.Add(1)
		go func() {
			defer group.Done()
			rng := rand.New(rand.NewPCG(uint64(i), 5))
			var stream []byte
			for n := range each {
				body := fmt.Sprintf("%d-%06d-", i, n)
				body += string(bytes.Repeat([]byte("."), rng.IntN(1+20000>>rng.IntN(12))))
				stream = fmt.Appendf(stream, "PUB s.%d.x %d\r\n%s\r\n", i, len(body), body)
			}
			for len(stream) > 0 {
				n := min(len(stream), 1+rng.IntN(1+100000>>rng.IntN(15)))
				p.input <- bytes.Clone(stream[:n])
				stream = stream[n:]
			}
		}()
	}
	group.Wait()
	late.release()
	for k, p := range subs {
		want := publishers * each
		if k > 0 {
			want += each // the second subscription, on one publisher's subjects
		}
		got := p.wait(t, "every message", func(b []byte) bool { return countMessages(t, b, nil) >= want })
		last := make(map[string]string)
		countMessages(t, got, func(sid, body string) {
			if sid == "3" {
				return
			}
			key := sid + body[:2]
			if body[:9] <= last[key] {
				t.Fatalf("subscriber %d, sid %s: %s behind %s", k, sid, body[:9], last[key])
			}
			last[key] = body[:9]
		})
	}
}

// countMessages parses what a client was sent, tells each of each message, and
// counts those that are not of a queue group.
func countMessages(t testing.TB, b []byte, each func(sid, body string)) int {
	t.Helper()
	n := 0
	for len(b) > 0 {
		line, rest, ok := bytes.Cut(b, []byte("\r\n"))
		if !ok {
			break
		}
		b = rest
		if !bytes.HasPrefix(line, []byte("MSG ")) {
			continue
		}
		var subject, sid string
		var size int
		if _, err := fmt.Sscanf(string(line), "MSG %s %s %d", &subject, &sid, &size); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if len(b) < size+2 {
			break
		}
		if string(b[size:size+2]) != "\r\n" {
			t.Fatalf("no CRLF behind the payload of %q", line)
		}
		if sid != "3" {
			n++
		}
		if each != nil {
			each(sid, string(b[:size]))
		}
		b = b[size+2:]
	}
	return n
}
