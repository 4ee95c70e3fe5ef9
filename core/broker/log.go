package broker

import (
	"fmt"
	"net/netip"
)

// Logger takes the broker's log lines. Implementations are safe for concurrent
// use. Debugf and Tracef are called only while Debug and Trace answer true, so
// that a quiet log costs nothing.
type Logger interface {
	Noticef(format string, args ...any)
	Warnf(format string, args ...any)
	Errorf(format string, args ...any)
	Debugf(format string, args ...any)
	Tracef(format string, args ...any)
	Debug() bool
	Trace() bool
}

// silent is the Logger of a broker that was given none.
type silent struct{}

func (silent) Noticef(string, ...any) {}
func (silent) Warnf(string, ...any)   {}
func (silent) Errorf(string, ...any)  {}
func (silent) Debugf(string, ...any)  {}
func (silent) Tracef(string, ...any)  {}
func (silent) Debug() bool            { return false }
func (silent) Trace() bool            { return false }

// String is how log lines name the connection: address and number, then the
// client library and the user as far as they are known (configuration, logging,
// connection messages).
func (c *Client) String() string {
	s := fmt.Sprintf("%s - cid:%d", remoteText(c.remote), c.target.id)
	id := c.who.Load()
	if id == nil {
		return s
	}
	if id.library != "" {
		s += fmt.Sprintf(" - %q", id.library)
	}
	if id.user != "" {
		s += fmt.Sprintf(" - %q", id.account+"/"+id.user)
	}
	return s
}

func remoteText(a netip.AddrPort) string {
	if !a.IsValid() {
		return "pipe"
	}
	return a.String()
}

// identified is what log lines say of a client that sent CONNECT. Immutable.
type identified struct {
	library string // v<version>:<lang>:<name>
	account string
	user    string // user:<name>, nkey:<key>, token
}

func libraryText(version, lang, name string) string {
	s := ""
	if version != "" {
		s = "v" + version
	}
	for _, part := range []string{lang, name} {
		switch {
		case part == "":
		case s == "":
			s = part
		default:
			s += ":" + part
		}
	}
	return s
}

func (c *Client) debugf(format string, args ...any) {
	if log := c.broker.log; log.Debug() {
		log.Debugf("%s - %s", c, fmt.Sprintf(format, args...))
	}
}

func (c *Client) errorf(format string, args ...any) {
	c.broker.log.Errorf("%s - %s", c, fmt.Sprintf(format, args...))
}

func (c *Client) noticef(format string, args ...any) {
	c.broker.log.Noticef("%s - %s", c, fmt.Sprintf(format, args...))
}
