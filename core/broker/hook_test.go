package broker_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/broker"
)

// slowHook answers after up to five milliseconds, from another goroutine, with
// the subject in another place and every seventh message dropped.
type slowHook struct {
	group sync.WaitGroup
	// hold, when set, is waited for before any answer.
	hold chan struct{}
	runs chan *broker.Run
}

func (h *slowHook) Transform(r *broker.Run, done func()) {
	h.group.Add(1)
	if h.runs != nil {
		h.runs <- r
	}
	time.AfterFunc(rand.N(5*time.Millisecond), func() {
		defer h.group.Done()
		if h.hold != nil {
			<-h.hold
		}
		for i := range r.Items {
			m := &r.Items[i]
			switch {
			case bytes.HasSuffix(m.Body(), []byte("7")):
				m.Answer = broker.Drop
			case bytes.HasSuffix(m.Body(), []byte("8")):
				m.Answer = broker.Pass
			default:
				m.Emit(append([]byte("moved."), m.Subject...), m.Reply, m.Header(), m.Body())
			}
		}
		done()
	})
}

// A hook that takes its time keeps the order of each source, and the PONG
// behind the messages it follows.
func TestHookKeepsOrder(t *testing.T) {
	b := newBroker(t)
	h := &slowHook{}
	if err := b.SetHook(h, broker.HookOptions{Subjects: []string{"in.*"}, Failure: broker.Drop, Timeout: patience}); err != nil {
		t.Fatal(err)
	}
	const sources, each = 4, 120
	var group sync.WaitGroup
	for i := range sources {
		p := plugIn(t, b, uint64(i))
		p.say("SUB moved.in.%d 1\r\nSUB in.%d 2\r\nSUB plain.%d 3\r\n", i, i, i)
		group.Add(1)
		go func() {
			defer group.Done()
			for n := range each {
				if n%9 == 3 {
					p.say("PUB plain.%d 4\r\n%04d\r\n", i, n)
				} else {
					p.say("PUB in.%d 4\r\n%04d\r\n", i, n)
				}
				if n%10 == 0 {
					p.say("PING\r\n")
				}
			}
			p.say("PING\r\n")
			got := p.wait(t, "the last PONG", func(b []byte) bool {
				return bytes.Count(b, []byte("PONG\r\n")) == each/10+1
			})
			if want := hookedStream(i, each); !bytes.HasSuffix(got, want) {
				t.Errorf("source %d: got %q, want %q", i, tail(got, 300), tail(want, 300))
			}
		}()
	}
	group.Wait()
	h.group.Wait()
}

// hookedStream is what a source gets of its own messages through slowHook.
func hookedStream(i, each int) []byte {
	var want []byte
	for n := range each {
		body := fmt.Sprintf("%04d", n)
		switch {
		case n%9 == 3:
			want = fmt.Appendf(want, "MSG plain.%d 3 4\r\n%s\r\n", i, body)
		case n%10 == 7:
		case n%10 == 8:
			want = fmt.Appendf(want, "MSG in.%d 2 4\r\n%s\r\n", i, body)
		default:
			want = fmt.Appendf(want, "MSG moved.in.%d 1 4\r\n%s\r\n", i, body)
		}
		if n%10 == 0 {
			want = append(want, "PONG\r\n"...)
		}
	}
	return append(want, "PONG\r\n"...)
}

// A connection that waits for a hook can be closed, kicked and shut down.
func TestCloseWhileParked(t *testing.T) {
	for name, end := range map[string]func(*broker.Broker, *plug){
		"close":    func(_ *broker.Broker, p *plug) { p.client.Close(broker.ClientClosed) },
		"kick":     func(_ *broker.Broker, p *plug) { p.client.Close(broker.Kicked) },
		"shutdown": func(b *broker.Broker, _ *plug) { b.Shutdown() },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBroker(t)
			h := &slowHook{hold: make(chan struct{}), runs: make(chan *broker.Run, 10)}
			if err := b.SetHook(h, broker.HookOptions{Subjects: []string{"in.*"}, Failure: broker.Drop}); err != nil {
				t.Fatal(err)
			}
			other := plugIn(t, b, 8)
			other.say("SUB in.* 1\r\nSUB moved.> 1\r\n")
			other.barrier(t, 1)
			p := plugIn(t, b, 9)
			p.say("PUB in.1 4\r\n0001\r\nPING\r\n")
			<-h.runs
			end(b, p)
			select {
			case <-p.over:
			case <-time.After(patience):
				t.Fatal("the connection still waits for its hook")
			}
			close(h.hold)
			h.group.Wait()
			if name != "shutdown" {
				other.barrier(t, 2)
			}
			if got := other.wait(t, "", func([]byte) bool { return true }); bytes.Contains(got, []byte("0001")) {
				t.Error("a message of a closed connection was delivered")
			}
		})
	}
}

// A hook that never answers costs its messages, by its failure rule, and no more.
func TestHookDeadline(t *testing.T) {
	b := newBroker(t)
	h := &slowHook{hold: make(chan struct{})}
	defer func() { close(h.hold); h.group.Wait() }()
	err := b.SetHook(h, broker.HookOptions{Subjects: []string{"in.*"}, Failure: broker.Reject, Timeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	p := plugIn(t, b, 1)
	p.say("SUB > 1\r\nPUB in.1 2\r\nhi\r\nPUB out 2\r\nho\r\nPING\r\n")
	got := p.wait(t, "PONG", func(b []byte) bool { return bytes.HasSuffix(b, []byte("PONG\r\n")) })
	want := "-ERR 'Publish rejected: the hook did not answer'\r\nMSG out 1 2\r\nho\r\nPONG\r\n"
	if !bytes.HasSuffix(got, []byte(want)) {
		t.Errorf("got %q", got)
	}
}
