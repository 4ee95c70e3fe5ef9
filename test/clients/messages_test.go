package clients

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/server"
)

func TestMessages(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	for name, test := range map[string]func(*testing.T, *server.Server){
		"publish and subscribe":   publishAndSubscribe,
		"request and reply":       requestAndReply,
		"queue groups":            queueGroups,
		"headers":                 headers,
		"no responders":           noResponders,
		"auto-unsubscribe":        autoUnsubscribe,
		"echo":                    echo,
		"drain of a connection":   drainConnection,
		"drain of a subscription": drainSubscription,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

func publishAndSubscribe(t *testing.T, s *server.Server) {
	publisher, subscriber := connect(t, s.URL("")), connect(t, s.URL(""))
	literal, wildcard := subscribe(t, subscriber, "pub.a"), subscribe(t, subscriber, "pub.*")
	full := subscribe(t, subscriber, "pub.>")
	const messages = 10000
	for i := range messages {
		publish(t, publisher, "pub.a", fmt.Sprint(i))
	}
	publish(t, publisher, "pub.a.b", "deeper")
	for i := range messages {
		for _, sub := range []*nats.Subscription{literal, wildcard, full} {
			expect(t, sub, "pub.a", fmt.Sprint(i))
		}
	}
	expect(t, full, "pub.a.b", "deeper")
	large := strings.Repeat("x", 1<<20)
	publish(t, publisher, "pub.a", large)
	expect(t, literal, "pub.a", large)
}

func requestAndReply(t *testing.T, s *server.Server) {
	service, client := connect(t, s.URL("")), connect(t, s.URL(""))
	_, err := service.Subscribe("twice", func(msg *nats.Msg) {
		if err := msg.Respond(append(msg.Data, msg.Data...)); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	flush(t, service)
	old := connect(t, s.URL(""), nats.UseOldRequestStyle())
	for i := range 500 {
		for _, nc := range []*nats.Conn{client, old} {
			reply, err := nc.Request("twice", fmt.Append(nil, i), server.Patience)
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%d%d", i, i); string(reply.Data) != want {
				t.Fatalf("got %q, want %q", reply.Data, want)
			}
		}
	}
}

func queueGroups(t *testing.T, s *server.Server) {
	const members, messages = 3, 900
	var counts [members]atomic.Int64
	all := make(chan struct{}, messages)
	for i := range members {
		nc := connect(t, s.URL(""))
		if _, err := nc.QueueSubscribe("jobs", "workers", func(*nats.Msg) {
			counts[i].Add(1)
			all <- struct{}{}
		}); err != nil {
			t.Fatal(err)
		}
		flush(t, nc)
	}
	observer := subscribe(t, connect(t, s.URL("")), "jobs")
	publisher := connect(t, s.URL(""))
	for i := range messages {
		publish(t, publisher, "jobs", fmt.Sprint(i))
	}
	for i := range messages {
		receive(t, "a delivery to the group", all)
		expect(t, observer, "jobs", fmt.Sprint(i))
	}
	total := int64(0)
	for i := range counts {
		n := counts[i].Load()
		total += n
		if n < messages/members/2 {
			t.Errorf("member %d got %d of %d messages", i, n, messages)
		}
	}
	if total != messages {
		t.Errorf("%d deliveries of %d messages", total, messages)
	}
}

func headers(t *testing.T, s *server.Server) {
	nc := connect(t, s.URL(""))
	sub := subscribe(t, nc, "headers")
	msg := nats.NewMsg("headers")
	msg.Data = []byte("body")
	msg.Header["Exact-case"] = []string{"one", "two"}
	msg.Header.Set("Empty", "")
	if err := nc.PublishMsg(msg); err != nil {
		t.Fatal(err)
	}
	got := expect(t, sub, "headers", "body")
	if fmt.Sprint(got.Header["Exact-case"]) != "[one two]" || len(got.Header["Empty"]) != 1 || got.Header.Get("Empty") != "" {
		t.Errorf("headers are %v", got.Header)
	}
	// A service answers with headers too.
	if _, err := nc.Subscribe("service", func(request *nats.Msg) {
		reply := nats.NewMsg(request.Reply)
		reply.Header.Set("Seen", request.Header.Get("Sent"))
		if err := request.RespondMsg(reply); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	request := nats.NewMsg("service")
	request.Header.Set("Sent", "value")
	reply, err := nc.RequestMsg(request, server.Patience)
	if err != nil || reply.Header.Get("Seen") != "value" || len(reply.Data) != 0 {
		t.Errorf("reply %v, %v", reply, err)
	}
}

func noResponders(t *testing.T, s *server.Server) {
	nc := connect(t, s.URL(""))
	for _, client := range []*nats.Conn{nc, connect(t, s.URL(""), nats.UseOldRequestStyle())} {
		if _, err := client.Request("nobody.there", nil, server.Patience); !errors.Is(err, nats.ErrNoResponders) {
			t.Errorf("request to nobody: %v", err)
		}
	}
}

func autoUnsubscribe(t *testing.T, s *server.Server) {
	nc := connect(t, s.URL(""))
	sub := subscribe(t, nc, "limited")
	if err := sub.AutoUnsubscribe(3); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		publish(t, nc, "limited", fmt.Sprint(i))
	}
	flush(t, nc)
	for i := range 3 {
		expect(t, sub, "limited", fmt.Sprint(i))
	}
	if msg, err := sub.NextMsg(server.Patience); !errors.Is(err, nats.ErrMaxMessages) && !errors.Is(err, nats.ErrBadSubscription) {
		t.Errorf("after the last message: %v, %v", msg, err)
	}
}

func echo(t *testing.T, s *server.Server) {
	deaf := connect(t, s.URL(""), nats.NoEcho())
	own := subscribe(t, deaf, "echo")
	other := connect(t, s.URL(""))
	heard := subscribe(t, other, "echo")
	publish(t, deaf, "echo", "own")
	expect(t, heard, "echo", "own")
	publish(t, other, "echo", "other")
	expect(t, own, "echo", "other")
}

func drainConnection(t *testing.T, s *server.Server) {
	closed := make(chan struct{})
	draining := connect(t, s.URL(""), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	var handled atomic.Int64
	first, release := make(chan struct{}, 1), make(chan struct{})
	if _, err := draining.Subscribe("drain.in", func(msg *nats.Msg) {
		if handled.Add(1) == 1 {
			first <- struct{}{}
			<-release
		}
		if err := draining.Publish("drain.out", msg.Data); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	flush(t, draining)
	other := connect(t, s.URL(""))
	out := subscribe(t, other, "drain.out")
	const messages = 500
	for i := range messages {
		publish(t, other, "drain.in", fmt.Sprint(i))
	}
	flush(t, other)
	receive(t, "the first delivery", first)
	if err := draining.Drain(); err != nil {
		t.Fatal(err)
	}
	close(release)
	receive(t, "the end of the drain", closed)
	// Everything taken was answered, and the interest is gone.
	for i := range handled.Load() {
		expect(t, out, "drain.out", fmt.Sprint(i))
	}
	if _, err := other.Request("drain.in", nil, server.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("after the drain: %v", err)
	}
}

func drainSubscription(t *testing.T, s *server.Server) {
	nc := connect(t, s.URL(""))
	sub := subscribe(t, nc, "drain.sub")
	publish(t, nc, "drain.sub", "before")
	flush(t, nc)
	if err := sub.Drain(); err != nil {
		t.Fatal(err)
	}
	expect(t, sub, "drain.sub", "before")
	if _, err := nc.Request("drain.sub", nil, server.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("after the drain: %v", err)
	}
}
