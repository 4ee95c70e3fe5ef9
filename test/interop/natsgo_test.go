package interop

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/server"
)

// testGoClient goes through the same steps as the clients in other languages.
func testGoClient(t *testing.T) {
	broker := server.Start(t, server.Options{})
	reconnected := make(chan struct{}, 1)
	nc := connect(t, broker.URL(""), nats.ReconnectWait(50*time.Millisecond), nats.MaxReconnects(-1),
		nats.ReconnectHandler(func(*nats.Conn) { reconnected <- struct{}{} }))
	if got := nc.MaxPayload(); got != 1048576 {
		t.Errorf("maximum payload %d, want 1048576", got)
	}
	goPublish(t, nc)
	service := must(t)(nc.Subscribe("interop.service", func(m *nats.Msg) { _ = m.Respond(append(m.Data, ", yes"...)) }))
	request(t, nc, "there")
	goQueue(t, nc)
	goHeaders(t, nc)
	if _, err := nc.Request("interop.nobody", nil, server.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("a request to nobody: %v, want %v", err, nats.ErrNoResponders)
	}
	goDrain(t, nc, broker.URL(""))

	address := broker.Addr()
	broker.Kill()
	server.Start(t, server.Options{Listen: address})
	receive(t, reconnected, "the client to reconnect")
	request(t, nc, "still there")
	if err := service.Unsubscribe(); err != nil {
		t.Error(err)
	}
}

func goPublish(t *testing.T, nc *nats.Conn) {
	all := must(t)(nc.SubscribeSync("interop.*"))
	var want []string
	for _, name := range []string{"a", "b", "c"} {
		if err := nc.Publish("interop."+name, []byte("to "+name)); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("interop.%s: to %s", name, name))
	}
	var got []string
	for range want {
		m, err := all.NextMsg(server.Patience)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s: %s", m.Subject, m.Data))
	}
	if !slices.Equal(got, want) {
		t.Errorf("messages %q, want %q", got, want)
	}
	if err := all.Unsubscribe(); err != nil {
		t.Error(err)
	}
}

func request(t *testing.T, nc *nats.Conn, question string) {
	t.Helper()
	answer, err := nc.Request("interop.service", []byte(question), server.Patience)
	if err != nil {
		t.Fatal(err)
	}
	if want := question + ", yes"; string(answer.Data) != want {
		t.Errorf("answer %q, want %q", answer.Data, want)
	}
}

func goQueue(t *testing.T, nc *nats.Conn) {
	const messages = 200
	taken := make(chan int, messages+1)
	for member := range 2 {
		must(t)(nc.QueueSubscribe("interop.queue", "workers", func(*nats.Msg) { taken <- member }))
	}
	for range messages {
		if err := nc.Publish("interop.queue", nil); err != nil {
			t.Fatal(err)
		}
	}
	var counts [2]int
	for range messages {
		counts[receive(t, taken, "a delivery to the group")]++
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if extra := len(taken); extra > 0 || slices.Contains(counts[:], 0) {
		t.Errorf("the members got %d of %d messages, and %d more were delivered", counts, messages, extra)
	}
}

func goHeaders(t *testing.T, nc *nats.Conn) {
	carried := must(t)(nc.SubscribeSync("interop.headers"))
	sent := &nats.Msg{Subject: "interop.headers", Data: []byte("body"), Header: nats.Header{"Kind": {"one", "two"}}}
	if err := nc.PublishMsg(sent); err != nil {
		t.Fatal(err)
	}
	got, err := carried.NextMsg(server.Patience)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Data) != "body" || !slices.Equal(got.Header.Values("Kind"), []string{"one", "two"}) {
		t.Errorf("got %v %q", got.Header, got.Data)
	}
}

func goDrain(t *testing.T, nc *nats.Conn, url string) {
	const messages = 100
	drained := make(chan struct{}, messages+1)
	closed := make(chan struct{})
	other := connect(t, url, nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	must(t)(other.Subscribe("interop.drain", func(*nats.Msg) { drained <- struct{}{} }))
	if err := other.Flush(); err != nil {
		t.Fatal(err)
	}
	for range messages {
		if err := nc.Publish("interop.drain", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := other.Drain(); err != nil {
		t.Fatal(err)
	}
	receive(t, closed, "the end of the drain")
	if got := len(drained); got != messages {
		t.Errorf("%d messages before the end of the drain, want %d", got, messages)
	}
}

// The command-line tool of NATS is made of the calls of nats.go that this test makes. Where the tool itself is installed, it is run too.
func TestCommandLineTool(t *testing.T) {
	t.Run("spec 01 #132", func(t *testing.T) {
		broker := server.Start(t, server.Options{})
		nc := connect(t, broker.URL(""))
		if rtt, err := nc.RTT(); err != nil || rtt <= 0 {
			t.Errorf("round trip %s, error %v", rtt, err)
		}
		goPublish(t, nc)
		must(t)(nc.QueueSubscribe("interop.service", "NATS-RPLY-22", func(m *nats.Msg) { _ = m.Respond(append(m.Data, ", yes"...)) }))
		request(t, nc, "there")
		tool, err := exec.LookPath("nats")
		if err != nil {
			t.Log("the tool is not installed; only its calls were made")
			return
		}
		for _, args := range [][]string{
			{"rtt", "1"},
			{"pub", "interop.a", "body"},
			{"request", "interop.service", "there"},
			{"server", "check", "connection"},
		} {
			command := exec.Command(tool, append([]string{"--server", broker.URL("")}, args...)...)
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("nats %q: %v\n%s", args, err, out)
			}
		}
	})
}

func connect(t *testing.T, url string, options ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// must returns a function that fails the test unless a subscription was made.
func must(t *testing.T) func(*nats.Subscription, error) *nats.Subscription {
	t.Helper()
	return func(s *nats.Subscription, err error) *nats.Subscription {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// receive waits for a value on a channel, or for its end.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(server.Patience):
		t.Fatalf("waited %s for %s", server.Patience, what)
		panic("not reached")
	}
}
