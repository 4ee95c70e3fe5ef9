package interop

import (
	"os/exec"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
)

// The command-line tool of NATS is made of the calls of nats.go that this test makes. Where the tool itself is installed, it is run too.
func TestCommandLineTool(t *testing.T) {
	t.Run("spec 01 #132", func(t *testing.T) {
		broker := server.Start(t, server.Options{})
		nc := natsgo.Connect(t, broker.URL(""))
		if rtt, err := nc.RTT(); err != nil || rtt <= 0 {
			t.Errorf("round trip %s, error %v", rtt, err)
		}
		sub := natsgo.Subscribe(t, nc, "interop.*")
		natsgo.Publish(t, nc, "interop.a", "body")
		natsgo.Expect(t, sub, "interop.a", "body")
		_, err := nc.QueueSubscribe("service", "NATS-RPLY-22", func(m *nats.Msg) { _ = m.Respond([]byte("yes")) })
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := nc.Request("service", nil, natsgo.Patience); err != nil || string(answer.Data) != "yes" {
			t.Errorf("answer %+v, error %v", answer, err)
		}
		tool, err := exec.LookPath("nats")
		if err != nil {
			t.Log("the tool is not installed; only its calls were made")
			return
		}
		for _, args := range [][]string{
			{"rtt", "1"},
			{"pub", "interop.a", "body"},
			{"request", "service", "question"},
			{"server", "check", "connection"},
		} {
			command := exec.Command(tool, append([]string{"--server", broker.URL("")}, args...)...)
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("nats %q: %v\n%s", args, err, out)
			}
		}
	})
}
