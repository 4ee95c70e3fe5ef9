package broker_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/trellismq/trellis/core/broker"
)

// A service answers requests like a client would.
func TestServiceAnswers(t *testing.T) {
	b := newBroker(t)
	var s *broker.Service
	s, err := b.NewService(broker.ServiceOptions{Name: "echo", Handle: func(m *broker.Message) {
		if err := s.Publish(m.Account, string(m.Reply), "", m.Header(), m.Body()); err != nil {
			t.Error(err)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Subscribe("", "svc.>", "workers"); err != nil {
		t.Fatal(err)
	}
	p := plugIn(t, b, 1)
	p.say("SUB inbox.* 1\r\n")
	for i := range 500 {
		p.say("HPUB svc.a inbox.%d 18 22\r\nNATS/1.0\r\nA: B\r\n\r\n%04d\r\n", i, i)
	}
	got := p.wait(t, "500 answers", func(b []byte) bool { return bytes.Count(b, []byte("HMSG inbox.")) == 500 })
	for i := range 500 {
		if !bytes.Contains(got, fmt.Appendf(nil, "HMSG inbox.%d 1 18 22\r\nNATS/1.0\r\nA: B\r\n\r\n%04d\r\n", i, i)) {
			t.Fatalf("answer %d is missing", i)
		}
	}
}

// A service that stops reading holds nobody up: publishers go on, others get
// their messages, and requests it cannot take are refused.
func TestServiceThatStopsReading(t *testing.T) {
	b := newBroker(t)
	stop := make(chan struct{})
	s, err := b.NewService(broker.ServiceOptions{MaxPending: 64 << 10, Handle: func(*broker.Message) { <-stop }})
	if err != nil {
		t.Fatal(err)
	}
	defer close(stop)
	if err := s.Subscribe("", "svc", ""); err != nil {
		t.Fatal(err)
	}
	other := plugIn(t, b, 2)
	other.say("SUB svc 1\r\n")
	other.barrier(t, 1)
	p := plugIn(t, b, 3)
	p.say("SUB inbox 1\r\n")
	const n = 200
	body := bytes.Repeat([]byte("x"), 4000)
	for range n {
		p.say("PUB svc inbox %d\r\n%s\r\n", len(body), body)
	}
	p.barrier(t, 1)
	other.wait(t, "every message", func(b []byte) bool { return bytes.Count(b, []byte("MSG svc 1 inbox 4000\r\n")) == n })
	if s.Refused() == 0 {
		t.Error("the full inbox refused nothing")
	}
	p.wait(t, "the refusals", func(b []byte) bool {
		return bytes.Count(b, []byte("NATS/1.0 503 Service Overloaded")) == int(s.Refused())
	})
}
