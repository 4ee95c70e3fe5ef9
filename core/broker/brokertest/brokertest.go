package brokertest

import (
	"testing"

	"github.com/trellismq/trellis/core/broker"
)

// Start runs a broker on a free port of this machine until the test ends.
func Start(t testing.TB, o broker.Options) *broker.Broker {
	t.Helper()
	o.Host, o.Port = "127.0.0.1", -1
	b, err := broker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Shutdown)
	return b
}
