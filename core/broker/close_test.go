package broker_test

import (
	"bytes"
	"testing"
)

// Whatever was queued for a connection before an error of its own reaches it,
// and the error behind it.
func TestErrorComesLast(t *testing.T) {
	b := newBroker(t)
	for i := range 50 {
		p := plugIn(t, b, uint64(i))
		p.say("SUB a 1\r\n")
		p.barrier(t, 1)
		other := plugIn(t, b, uint64(100+i))
		other.say("PUB a 5\r\nhello\r\n")
		other.barrier(t, 1)
		p.say("PUB a 2\r\nme\r\nNONSENSE\r\n")
		<-p.over
		got := p.wait(t, "", func([]byte) bool { return true })
		want := []byte("MSG a 1 5\r\nhello\r\nMSG a 1 2\r\nme\r\n-ERR 'Unknown Protocol Operation'\r\n")
		if !bytes.HasSuffix(got, want) {
			t.Fatalf("got %q", got)
		}
	}
}
