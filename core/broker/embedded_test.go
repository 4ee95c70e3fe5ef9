package broker_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/broker/brokertest"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/wire"
)

// A way is how a program reaches the broker that it has embedded: with the
// published client, or with a connection of its own.
type way struct {
	name    string
	options func(*broker.Broker) []nats.Option
	conn    func(*broker.Broker) (net.Conn, error)
}

var ways = []way{
	{"over TCP",
		func(*broker.Broker) []nats.Option { return nil },
		func(b *broker.Broker) (net.Conn, error) { return net.Dial("tcp", b.Addr().String()) }},
	{"in process",
		func(b *broker.Broker) []nats.Option { return []nats.Option{nats.InProcessServer(b)} },
		(*broker.Broker).InProcessConn},
}

func (w way) connect(tb testing.TB, b *broker.Broker, options ...nats.Option) *nats.Conn {
	tb.Helper()
	return natsgo.Connect(tb, b.URL(), append(options, w.options(b)...)...)
}

func (w way) dial(tb testing.TB, b *broker.Broker) net.Conn {
	tb.Helper()
	conn, err := w.conn(b)
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

// The published Go client does with an embedded broker what it does with any,
// and clients that came different ways meet.
func TestEmbedded(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	for _, from := range ways {
		for _, to := range ways {
			t.Run(fmt.Sprintf("%s to %s", from.name, to.name), func(t *testing.T) {
				sender, receiver := from.connect(t, b), to.connect(t, b)
				t.Run("publish", func(t *testing.T) { publishEmbedded(t, sender, receiver) })
				t.Run("request", func(t *testing.T) { requestEmbedded(t, sender, receiver) })
				t.Run("queue", func(t *testing.T) { queueEmbedded(t, sender, receiver) })
				t.Run("headers", func(t *testing.T) { headersEmbedded(t, sender, receiver) })
			})
		}
	}
}

// publishEmbedded sends messages of all sizes, more than a pipe or a socket
// takes at once.
func publishEmbedded(t *testing.T, sender, receiver *nats.Conn) {
	sub := natsgo.Subscribe(t, receiver, "orders.*.new")
	const many = 400
	payload := func(i int) string { return fmt.Sprintf("%d:%0*d", i, i*i%20011, 0) }
	for i := range many {
		natsgo.Publish(t, sender, fmt.Sprintf("orders.%d.new", i), payload(i))
		natsgo.Publish(t, sender, fmt.Sprintf("orders.%d.old", i), "not for it")
	}
	natsgo.Flush(t, sender)
	for i := range many {
		natsgo.Expect(t, sub, fmt.Sprintf("orders.%d.new", i), payload(i))
	}
	if err := sub.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	natsgo.Flush(t, receiver)
	if _, err := sender.Request("orders.1.new", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("a request after the last subscriber left ended with %v", err)
	}
}

func requestEmbedded(t *testing.T, sender, receiver *nats.Conn) {
	sub, err := receiver.Subscribe("service", func(m *nats.Msg) {
		if err := m.Respond(append([]byte("re: "), m.Data...)); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Unsubscribe()
	natsgo.Flush(t, receiver)
	for i := range 50 {
		question := fmt.Sprint("question ", i)
		answer, err := sender.Request("service", []byte(question), natsgo.Patience)
		if err != nil {
			t.Fatal(err)
		}
		if string(answer.Data) != "re: "+question {
			t.Fatalf("%q was answered with %q", question, answer.Data)
		}
	}
}

// queueEmbedded sends to a group of three: each message reaches one of them.
func queueEmbedded(t *testing.T, sender, receiver *nats.Conn) {
	const members, many = 3, 300
	got := make(chan string, members*many)
	for range members {
		sub, err := receiver.QueueSubscribe("work", "workers", func(m *nats.Msg) { got <- string(m.Data) })
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Unsubscribe()
	}
	natsgo.Flush(t, receiver)
	seen := make(map[string]bool)
	for i := range many {
		natsgo.Publish(t, sender, "work", fmt.Sprint(i))
	}
	natsgo.Flush(t, sender)
	for range many {
		seen[natsgo.Await(t, "the work", got)] = true
	}
	// Whatever else the broker had for the receiver is there when its PONG is.
	natsgo.Flush(t, receiver)
	if len(seen) != many || len(got) != 0 {
		t.Errorf("%d of %d messages came, and %d twice", len(seen), many, many-len(seen)+len(got))
	}
}

func headersEmbedded(t *testing.T, sender, receiver *nats.Conn) {
	sub := natsgo.Subscribe(t, receiver, "with.headers")
	defer sub.Unsubscribe()
	m := nats.NewMsg("with.headers")
	m.Header["Trace-Id"] = []string{"1", "two words"}
	m.Header["lower"] = []string{"x"}
	m.Data = []byte("body")
	if err := sender.PublishMsg(m); err != nil {
		t.Fatal(err)
	}
	natsgo.Flush(t, sender)
	got := natsgo.Expect(t, sub, "with.headers", "body")
	if len(got.Header) != 2 || !slices.Equal(got.Header["Trace-Id"], m.Header["Trace-Id"]) || !slices.Equal(got.Header["lower"], m.Header["lower"]) {
		t.Errorf("the headers are %v", got.Header)
	}
}

// An authenticator is shown which way a client came: a user can be let in from
// inside the process alone.
func TestEmbeddedConnectionType(t *testing.T) {
	var attempts []auth.Attempt
	j := new(judge)
	j.set(func(a *auth.Attempt) auth.Verdict {
		attempts = append(attempts, *a)
		if a.Type != auth.InProcess {
			return reject(a)
		}
		return accept(auth.Identity{})(a)
	})
	b := brokertest.Start(t, broker.Options{Authenticator: j})
	nc := natsgo.Connect(t, "", nats.InProcessServer(b), nats.UserInfo("joe", "secret"))
	natsgo.Flush(t, nc)
	_, err := nats.Connect(b.URL(), nats.UserInfo("ann", "secret"), nats.Timeout(natsgo.Patience))
	if !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("the client over TCP got %v", err)
	}
	b.Shutdown() // nobody is judged any more
	if len(attempts) != 2 {
		t.Fatalf("%d attempts", len(attempts))
	}
	inside, outside := attempts[0], attempts[1]
	if inside.Type != auth.InProcess || inside.User != "joe" || inside.Remote.IsValid() {
		t.Errorf("of the client inside was shown %+v", inside)
	}
	if outside.Type != auth.Standard || outside.User != "ann" || !outside.Remote.Addr().IsLoopback() {
		t.Errorf("of the client over TCP was shown %+v", outside)
	}
}

// Shutdown leaves nothing running, whatever the connections were doing.
func TestShutdownEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	b, err := broker.New(broker.Options{Host: "127.0.0.1", Port: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.NewService(broker.ServiceOptions{Handle: func(*broker.Message) {}}); err != nil {
		t.Fatal(err)
	}
	t.Run("with connections", func(t *testing.T) {
		addr := b.Addr().String()
		wire.Open(t, addr) // has not logged in
		wire.Ready(t, addr).Send("PUB half.a.payload 100\r\nhello")
		// Nobody reads from these, and there is more for them than fits.
		for _, w := range ways {
			subscribeDeaf(t, w.dial(t, b), "flood")
		}
		nc := natsgo.Connect(t, "", nats.InProcessServer(b), nats.NoReconnect())
		flood := make([]byte, 512<<10)
		for range 8 {
			if err := nc.Publish("flood", flood); err != nil {
				t.Fatal(err)
			}
		}
		natsgo.Flush(t, nc)
		closed := make(chan struct{})
		nc.SetClosedHandler(func(*nats.Conn) { close(closed) })
		b.Shutdown()
		b.Shutdown() // again, without harm
		if n := b.Connections(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
		natsgo.Await(t, "the end of the client's connection", closed)
		if _, err := b.InProcessConn(); !errors.Is(err, broker.ErrClosed) {
			t.Errorf("a connection after Shutdown: %v", err)
		}
		if _, err := net.Dial("tcp", addr); err == nil {
			t.Error("the port is still open")
		}
	})
	deadline := time.Now().Add(patience)
	for n := runtime.NumGoroutine(); n > before; n = runtime.NumGoroutine() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, n, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

// subscribeDeaf subscribes over a connection that nobody reads from afterwards.
func subscribeDeaf(t *testing.T, conn net.Conn, subject string) {
	t.Helper()
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for line := ""; line != "PONG\r\n"; {
		var err error
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, "INFO ") {
			if _, err := fmt.Fprintf(conn, "%sSUB %s 1\r\nPING\r\n", wire.Login(), subject); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The cluster's URLs reach those clients, at once, that understand it and have
// been told where they landed.
func TestSetConnectURLs(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	addr := b.Addr().String()
	informed := wire.Open(t, addr)
	informed.Send(wire.Login(`"protocol":1`))
	informed.Sync()
	if landed := informed.ExpectInfo(); landed["connect_info"] != true {
		t.Fatalf("behind the first PONG came %v", landed)
	}
	// Those that must not be told: connected without a PING, of protocol 0, and
	// without CONNECT.
	early, old, silent := wire.Open(t, addr), wire.Ready(t, addr), wire.Open(t, addr)
	early.Send(wire.Login(`"protocol":1,"verbose":true`))
	early.Expect("+OK\r\n")
	silent.Sync()

	b.SetConnectURLs([]string{"10.0.0.1:4222", "[::1]:4222"})
	told := informed.ExpectInfo()
	expectURLs(t, told, "10.0.0.1:4222", "[::1]:4222")
	for _, key := range []string{"connect_info", "remote_account", "nonce"} {
		if _, ok := told[key]; ok {
			t.Errorf("the INFO has %s: %v", key, told)
		}
	}
	for _, key := range []string{"server_id", "version", "headers", "max_payload", "client_id"} {
		if told[key] == nil || told[key] != informed.Info()[key] {
			t.Errorf("%s is %v, and was %v", key, told[key], informed.Info()[key])
		}
	}
	old.Sync()
	silent.Sync()
	early.Sync()
	landed := early.ExpectInfo()
	if landed["connect_info"] != true {
		t.Errorf("behind the first PONG came %v", landed)
	}
	expectURLs(t, landed, "10.0.0.1:4222", "[::1]:4222")
	expectURLs(t, wire.Open(t, addr).Info(), "10.0.0.1:4222", "[::1]:4222")

	b.SetConnectURLs(nil)
	for _, c := range []*wire.Conn{informed, early} {
		expectURLs(t, c.ExpectInfo())
		c.Sync()
	}
	old.Sync()
	silent.Sync()
}

func expectURLs(t *testing.T, info wire.Info, want ...string) {
	t.Helper()
	var got []string
	urls, there := info["connect_urls"].([]any)
	for _, url := range urls {
		got = append(got, fmt.Sprint(url))
	}
	if !slices.Equal(got, want) || there != (len(want) > 0) {
		t.Errorf("connect_urls is %v, want %v", info["connect_urls"], want)
	}
}

// The client passes on what it is told of the cluster.
func TestConnectURLsReachTheClient(t *testing.T) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			b := brokertest.Start(t, broker.Options{})
			discovered := make(chan []string, 1)
			nc := w.connect(t, b, nats.DiscoveredServersHandler(func(nc *nats.Conn) { discovered <- nc.DiscoveredServers() }))
			natsgo.Flush(t, nc)
			b.SetConnectURLs([]string{"10.0.0.1:4222"})
			if got := natsgo.Await(t, "the discovery", discovered); !slices.Equal(got, []string{"nats://10.0.0.1:4222"}) {
				t.Errorf("discovered %v", got)
			}
		})
	}
}
