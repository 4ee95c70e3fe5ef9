package main

import (
	"fmt"
	"io"
	"os"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/core/broker"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "embedded:", err)
		os.Exit(1)
	}
}

// run prints a message that went through a broker inside this process.
func run(out io.Writer) error {
	b, err := broker.New(broker.Options{DontListen: true})
	if err != nil {
		return err
	}
	if err := b.Start(); err != nil {
		return err
	}
	defer b.Shutdown()

	nc, err := nats.Connect("", nats.InProcessServer(b))
	if err != nil {
		return err
	}
	defer nc.Close()
	done := make(chan struct{})
	_, err = nc.Subscribe("hello", func(msg *nats.Msg) {
		fmt.Fprintf(out, "%s: %s\n", msg.Subject, msg.Data)
		close(done)
	})
	if err != nil {
		return err
	}
	if err := nc.Publish("hello", []byte("from the same process")); err != nil {
		return err
	}
	<-done
	return nil
}
