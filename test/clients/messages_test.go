package clients

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
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
	publisher, subscriber := natsgo.Connect(t, s.URL("")), natsgo.Connect(t, s.URL(""))
	literal, wildcard := natsgo.Subscribe(t, subscriber, "pub.a"), natsgo.Subscribe(t, subscriber, "pub.*")
	full := natsgo.Subscribe(t, subscriber, "pub.>")
	const messages = 10000
	for i := range messages {
		natsgo.Publish(t, publisher, "pub.a", fmt.Sprint(i))
	}
	natsgo.Publish(t, publisher, "pub.a.b", "deeper")
	for i := range messages {
		for _, sub := range []*nats.Subscription{literal, wildcard, full} {
			natsgo.Expect(t, sub, "pub.a", fmt.Sprint(i))
		}
	}
	natsgo.Expect(t, full, "pub.a.b", "deeper")
	large := strings.Repeat("x", 1<<20)
	natsgo.Publish(t, publisher, "pub.a", large)
	natsgo.Expect(t, literal, "pub.a", large)
}

func requestAndReply(t *testing.T, s *server.Server) {
	service, client := natsgo.Connect(t, s.URL("")), natsgo.Connect(t, s.URL(""))
	_, err := service.Subscribe("twice", func(msg *nats.Msg) {
		if err := msg.Respond(append(msg.Data, msg.Data...)); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	natsgo.Flush(t, service)
	old := natsgo.Connect(t, s.URL(""), nats.UseOldRequestStyle())
	for i := range 500 {
		for _, nc := range []*nats.Conn{client, old} {
			reply, err := nc.Request("twice", fmt.Append(nil, i), natsgo.Patience)
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
		nc := natsgo.Connect(t, s.URL(""))
		if _, err := nc.QueueSubscribe("jobs", "workers", func(*nats.Msg) {
			counts[i].Add(1)
			all <- struct{}{}
		}); err != nil {
			t.Fatal(err)
		}
		natsgo.Flush(t, nc)
	}
	observer := natsgo.Subscribe(t, natsgo.Connect(t, s.URL("")), "jobs")
	publisher := natsgo.Connect(t, s.URL(""))
	for i := range messages {
		natsgo.Publish(t, publisher, "jobs", fmt.Sprint(i))
	}
	for i := range messages {
		natsgo.Await(t, "a delivery to the group", all)
		natsgo.Expect(t, observer, "jobs", fmt.Sprint(i))
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
	nc := natsgo.Connect(t, s.URL(""))
	sub := natsgo.Subscribe(t, nc, "headers")
	msg := nats.NewMsg("headers")
	msg.Data = []byte("body")
	msg.Header["Exact-case"] = []string{"one", "two"}
	msg.Header.Set("Empty", "")
	if err := nc.PublishMsg(msg); err != nil {
		t.Fatal(err)
	}
	got := natsgo.Expect(t, sub, "headers", "body")
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
	reply, err := nc.RequestMsg(request, natsgo.Patience)
	if err != nil || reply.Header.Get("Seen") != "value" || len(reply.Data) != 0 {
		t.Errorf("reply %v, %v", reply, err)
	}
}

func noResponders(t *testing.T, s *server.Server) {
	nc := natsgo.Connect(t, s.URL(""))
	for _, client := range []*nats.Conn{nc, natsgo.Connect(t, s.URL(""), nats.UseOldRequestStyle())} {
		if _, err := client.Request("nobody.there", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
			t.Errorf("request to nobody: %v", err)
		}
	}
}

func autoUnsubscribe(t *testing.T, s *server.Server) {
	nc := natsgo.Connect(t, s.URL(""))
	sub := natsgo.Subscribe(t, nc, "limited")
	if err := sub.AutoUnsubscribe(3); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		natsgo.Publish(t, nc, "limited", fmt.Sprint(i))
	}
	natsgo.Flush(t, nc)
	for i := range 3 {
		natsgo.Expect(t, sub, "limited", fmt.Sprint(i))
	}
	if msg, err := sub.NextMsg(natsgo.Patience); !errors.Is(err, nats.ErrMaxMessages) && !errors.Is(err, nats.ErrBadSubscription) {
		t.Errorf("after the last message: %v, %v", msg, err)
	}
}

func echo(t *testing.T, s *server.Server) {
	deaf := natsgo.Connect(t, s.URL(""), nats.NoEcho())
	own := natsgo.Subscribe(t, deaf, "echo")
	other := natsgo.Connect(t, s.URL(""))
	heard := natsgo.Subscribe(t, other, "echo")
	natsgo.Publish(t, deaf, "echo", "own")
	natsgo.Expect(t, heard, "echo", "own")
	natsgo.Publish(t, other, "echo", "other")
	natsgo.Expect(t, own, "echo", "other")
}

func drainConnection(t *testing.T, s *server.Server) {
	closed := make(chan struct{})
	draining := natsgo.Connect(t, s.URL(""), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
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
	natsgo.Flush(t, draining)
	other := natsgo.Connect(t, s.URL(""))
	out := natsgo.Subscribe(t, other, "drain.out")
	const messages = 500
	for i := range messages {
		natsgo.Publish(t, other, "drain.in", fmt.Sprint(i))
	}
	natsgo.Flush(t, other)
	natsgo.Await(t, "the first delivery", first)
	if err := draining.Drain(); err != nil {
		t.Fatal(err)
	}
	close(release)
	natsgo.Await(t, "the end of the drain", closed)
	// Everything taken was answered, and the interest is gone.
	for i := range handled.Load() {
		natsgo.Expect(t, out, "drain.out", fmt.Sprint(i))
	}
	if _, err := other.Request("drain.in", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("after the drain: %v", err)
	}
}

func drainSubscription(t *testing.T, s *server.Server) {
	nc := natsgo.Connect(t, s.URL(""))
	sub := natsgo.Subscribe(t, nc, "drain.sub")
	natsgo.Publish(t, nc, "drain.sub", "before")
	natsgo.Flush(t, nc)
	if err := sub.Drain(); err != nil {
		t.Fatal(err)
	}
	natsgo.Expect(t, sub, "drain.sub", "before")
	if _, err := nc.Request("drain.sub", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("after the drain: %v", err)
	}
}
