package broker_test

import (
	"testing"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
)

// An account counts what its connections published and were sent.
func TestAccountStatistics(t *testing.T) {
	accounts := account.NewSet()
	b, err := broker.New(broker.Options{DontListen: true, Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Shutdown)
	p := plugIn(t, b, 1)
	p.say("SUB a 1\r\nSUB a 2\r\nSUB a q 3\r\n")
	p.say("PUB a 5\r\nhello\r\nPUB b 3\r\nabc\r\nHPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n")
	p.barrier(t, 1)
	home := accounts.Default()
	if in := home.Received(); in.Messages != 3 || in.Bytes != 22 {
		t.Errorf("received %+v", in)
	}
	if out := home.Sent(); out.Messages != 6 || out.Bytes != 3*5+3*14 {
		t.Errorf("sent %+v", out)
	}
}
