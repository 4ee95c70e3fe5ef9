package broker_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/sdk/auth"
)

// protocolLog is a logger that keeps the lines of the trace, without whose they are.
type protocolLog struct {
	mu    sync.Mutex
	lines []string
}

func (*protocolLog) Noticef(string, ...any) {}
func (*protocolLog) Warnf(string, ...any)   {}
func (*protocolLog) Errorf(string, ...any)  {}
func (*protocolLog) Debugf(string, ...any)  {}
func (*protocolLog) Debug() bool            { return false }
func (*protocolLog) Trace() bool            { return true }

func (n *protocolLog) Tracef(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	line := fmt.Sprintf(format, args...)
	n.lines = append(n.lines, line[strings.LastIndex(line, " - ")+3:])
}

// byUser puts everybody into the account of the user's name.
type byUser struct{}

func (byUser) Authenticate(_ context.Context, a *auth.Attempt) (auth.Verdict, error) {
	return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{User: a.User, Account: a.User}}, nil
}
func (byUser) NeedsNonce() bool { return false }
func (byUser) Required() bool   { return true }

func traced(t *testing.T, o broker.Options, user string) []string {
	t.Helper()
	n := &protocolLog{}
	o.DontListen, o.Logger, o.Authenticator, o.Accounts = true, n, byUser{}, account.NewSet()
	b, err := broker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	p := plugIn(t, b, 1)
	p.say("CONNECT {\"user\":%q,\"pass\":\"hush\"}\r\n", user)
	p.say("SUB a 1\r\nHPUB a 12 17\r\nNATS/1.0\r\n\r\nhello\r\nUNSUB 1\r\n")
	p.barrier(t, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.lines)
}

func TestTrace(t *testing.T) {
	lines := traced(t, broker.Options{MaxTracedPayload: 14}, account.Default)
	for _, want := range []string{
		`<<- [SUB a 1]`, `<<- [HPUB a 12 17]`, `<<- MSG_PAYLOAD: ["NATS/1.0\r\n\r\nhe..."]`,
		`->> [HMSG a 1 12 17]`, `->> MSG_PAYLOAD: ["NATS/1.0\r\n\r\nhe..."]`,
		`<<- [UNSUB 1]`, `<-> [DELSUB 1]`, `<<- [PING]`, `->> [PONG]`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %q in %q", want, lines)
		}
	}
	if text := strings.Join(lines, "\n"); strings.Contains(text, "hush") || !strings.Contains(text, `"pass":"[REDACTED]"`) {
		t.Errorf("the password shows: %q", lines)
	}
}

func TestTraceOfHeaders(t *testing.T) {
	lines := traced(t, broker.Options{TraceHeaders: true}, account.Default)
	if !slices.Contains(lines, `->> MSG_PAYLOAD: ["NATS/1.0\r\n\r\n"]`) || strings.Contains(strings.Join(lines, ""), "hello") {
		t.Errorf("got %q", lines)
	}
}

func TestTraceOfTheSystemAccount(t *testing.T) {
	if lines := traced(t, broker.Options{}, account.System); slices.Contains(lines, "<<- [SUB a 1]") {
		t.Errorf("traced without being asked for: %q", lines)
	}
	if lines := traced(t, broker.Options{TraceSystem: true}, account.System); !slices.Contains(lines, "<<- [SUB a 1]") {
		t.Errorf("not traced: %q", lines)
	}
}
