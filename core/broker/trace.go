package broker

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/protocol"
)

// secrets are the values of CONNECT that no log line shows.
var secrets = regexp.MustCompile(`(?i)("(?:pass|auth_token|sig|nkey|jwt|proxy_sig)"\s*:\s*)"(?:[^"\\]|\\.)*"`)

// traces reports whether the protocol of connections in an account is logged.
func (b *Broker) traces(a *account.Account) bool {
	return b.log.Trace() && (b.limits.Load().traceSystem || a != b.accounts.System())
}

// traceIn logs an operation that came from the client.
func (c *Client) traceIn(op *protocol.Op) {
	switch op.Kind {
	case protocol.Connect:
		c.tracef("<<- [CONNECT %s]", secrets.ReplaceAll(op.Arg, []byte(`$1"[REDACTED]"`)))
	case protocol.Sub:
		c.tracef("<<- [SUB %s]", joined(op.Subject, op.Queue, op.SID))
	case protocol.Unsub:
		if op.Max > 0 {
			c.tracef("<<- [UNSUB %s %d]", op.SID, op.Max)
		} else {
			c.tracef("<<- [UNSUB %s]", op.SID)
		}
	case protocol.Ping:
		c.tracef("<<- [PING]")
	case protocol.Pong:
		c.tracef("<<- [PONG]")
	}
}

// traceSent logs a line of the protocol that the client is sent. INFO is not
// logged: it says the same to everybody.
func (c *Client) traceSent(line string) {
	if !c.target.traced.Load() || strings.HasPrefix(line, "INFO ") {
		return
	}
	line = strings.TrimPrefix(strings.TrimSuffix(line, protocol.CRLF), "+")
	c.tracef("->> [%s]", strings.ReplaceAll(line, "'", ""))
}

func (c *Client) tracePublish(m *Message) {
	if m.HeaderSize > 0 {
		c.tracef("<<- [HPUB %s %d %d]", joined(m.Subject, m.Reply), m.HeaderSize, len(m.Payload))
	} else {
		c.tracef("<<- [PUB %s %d]", joined(m.Subject, m.Reply), len(m.Payload))
	}
	c.tracePayload("<<-", m)
}

func (c *Client) traceDelivery(d *destination, m *Message) {
	if m.HeaderSize > 0 && c.target.headers.Load() {
		c.tracef("->> [HMSG %s %d %d]", joined(m.Subject, d.sub.key, m.Reply), m.HeaderSize, len(m.Payload))
	} else {
		c.tracef("->> [MSG %s %d]", joined(m.Subject, d.sub.key, m.Reply), len(m.Payload))
	}
	c.tracePayload("->>", m)
}

func (c *Client) tracePayload(arrow string, m *Message) {
	l := c.broker.limits.Load()
	payload, most := m.Payload, l.maxTraced
	if l.traceHeaders {
		payload = m.Header()
	}
	if len(payload) == 0 {
		return
	}
	if most > 0 && len(payload) > most {
		c.tracef("%s MSG_PAYLOAD: [%q]", arrow, string(payload[:most])+"...")
		return
	}
	c.tracef("%s MSG_PAYLOAD: [%q]", arrow, payload)
}

func (c *Client) tracef(format string, args ...any) {
	c.broker.log.Tracef("%s - %s", c, fmt.Sprintf(format, args...))
}

// joined is the fields that are not empty, with a blank between.
func joined(fields ...[]byte) []byte {
	kept := fields[:0]
	for _, f := range fields {
		if len(f) > 0 {
			kept = append(kept, f)
		}
	}
	return bytes.Join(kept, []byte(" "))
}
