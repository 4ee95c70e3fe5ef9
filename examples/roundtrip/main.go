package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/core/broker"
)

// patience is how long one step may take.
const patience = 10 * time.Second

func main() {
	url := flag.String("url", "", "URL of a running broker; without it, one is started")
	flag.Parse()
	if err := run(*url, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "roundtrip:", err)
		os.Exit(1)
	}
}

// run makes the round trip through the broker at url, or through one of its own if url is empty.
func run(url string, out io.Writer) error {
	if url == "" {
		b, err := broker.New(broker.Options{Host: "127.0.0.1", Port: -1})
		if err != nil {
			return err
		}
		if err := b.Start(); err != nil {
			return err
		}
		defer b.Shutdown()
		url = b.URL()
	}
	nc, err := nats.Connect(url, nats.Timeout(patience))
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", url, err)
	}
	defer nc.Close()
	fmt.Fprintln(out, "connected to a broker that speaks NATS", nc.ConnectedServerVersion())
	if err := publish(nc, out); err != nil {
		return err
	}
	return request(nc, out)
}

// publish sends a message to everybody who listens.
func publish(nc *nats.Conn, out io.Writer) error {
	sub, err := nc.SubscribeSync("greetings.*")
	if err != nil {
		return err
	}
	if err := nc.Publish("greetings.world", []byte("hello")); err != nil {
		return err
	}
	msg, err := sub.NextMsg(patience)
	if err != nil {
		return fmt.Errorf("waiting for the message: %w", err)
	}
	fmt.Fprintf(out, "received %q on %s\n", msg.Data, msg.Subject)
	return sub.Unsubscribe()
}

// request asks a service, one of a group that shares the work, and prints the answer.
func request(nc *nats.Conn, out io.Writer) error {
	service, err := nc.QueueSubscribe("shout", "workers", func(msg *nats.Msg) {
		if err := msg.Respond(append(msg.Data, '!')); err != nil {
			fmt.Fprintln(os.Stderr, "roundtrip: answering:", err)
		}
	})
	if err != nil {
		return err
	}
	reply, err := nc.Request("shout", []byte("hello"), patience)
	if err != nil {
		return fmt.Errorf("waiting for the answer: %w", err)
	}
	fmt.Fprintf(out, "asked %q on shout, got %q\n", "hello", reply.Data)
	return service.Unsubscribe()
}
