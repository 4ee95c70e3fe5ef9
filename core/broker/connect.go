package broker

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/protocol"
	"github.com/trellismq/trellis/sdk/auth"
)

// connectOptions is the CONNECT document (client protocol, CONNECT). Keys are
// matched without regard to case and unknown ones ignored, as encoding/json
// does.
type connectOptions struct {
	Verbose      bool   `json:"verbose"`
	Pedantic     bool   `json:"pedantic"`
	Echo         bool   `json:"echo"`
	TLSRequired  bool   `json:"tls_required"`
	Headers      bool   `json:"headers"`
	NoResponders bool   `json:"no_responders"`
	Protocol     int    `json:"protocol"`
	Name         string `json:"name"`
	Lang         string `json:"lang"`
	Version      string `json:"version"`
	User         string `json:"user"`
	Pass         string `json:"pass"`
	Token        string `json:"auth_token"`
	JWT          string `json:"jwt"`
	NKey         string `json:"nkey"`
	Sig          string `json:"sig"`
	Account      string `json:"account"`
	NewAccount   bool   `json:"new_account"`
}

// defaultConnect is what holds for a client that has not said otherwise.
var defaultConnect = connectOptions{Verbose: true, Pedantic: true, Echo: true}

// startConnect parks the connection and handles CONNECT on another goroutine:
// authentication may take its time and a deep stack.
func (c *Client) startConnect(arg []byte) Status {
	c.broker.time.wheel.Stop(&c.authBy)
	c.source.endBatch()
	document := append([]byte(nil), arg...)
	p := c.park()
	go func() {
		c.connect(document)
		p.resume()
	}()
	return Parked
}

func (c *Client) connect(document []byte) {
	again := c.connected
	if err := json.Unmarshal(document, &c.options); err != nil {
		c.errorf("invalid CONNECT: %v", err)
		c.close(ProtocolViolation)
		return
	}
	if again {
		c.dropSubscriptions()
		c.unbind()
	}
	c.ping.rtt.Store(int64(c.broker.time.Now().Sub(c.start)))
	library := libraryText(c.options.Version, c.options.Lang, c.options.Name)
	c.who.Store(&identified{library: library})
	if !c.authenticate() || !c.checkOptions() {
		return
	}
	c.applyOptions()
	c.connected, c.expectConnect = true, false
	if c.options.Verbose {
		c.tell(protocol.OKLine)
		c.source.endBatch()
	}
	if !c.isClosed() {
		c.startPinging(true)
	}
}

// checkOptions refuses what the protocol does not allow.
func (c *Client) checkOptions() bool {
	switch o := &c.options; {
	case o.Account != "" || o.NewAccount:
		c.refuse(auth.BadCredentials, "account in CONNECT")
	case o.Protocol < 0 || o.Protocol > 1:
		c.fail(errClientVersion, BadClientVersion)
	case o.NoResponders && !c.headers():
		c.fail(errNoResponders, NoRespondersNeedsHdr)
	default:
		return true
	}
	return false
}

// headers reports whether both sides want headers.
func (c *Client) headers() bool { return c.options.Headers && !c.broker.options.NoHeaderSupport }

// applyOptions makes the options of CONNECT effective.
func (c *Client) applyOptions() {
	c.target.headers.Store(c.headers())
	c.parser.Headers = c.headers()
	c.source.echo = c.options.Echo
	c.source.policy++
	c.special = c.options.Verbose || c.options.Pedantic || c.target.traced.Load()
}

// authenticate finds out who the client is and binds it to its account.
func (c *Client) authenticate() bool {
	if c.broker.options.Authenticator == nil {
		return c.bind(&auth.Identity{})
	}
	a := c.attempt()
	for {
		before := c.broker.judgements.Load()
		verdict, err := c.broker.judge(a)
		switch {
		case err != nil:
			c.errorf("authentication failed: %v", err)
			c.refuse(auth.BadCredentials, "")
			return false
		case verdict.Outcome != auth.Accept || verdict.Identity == nil:
			c.refuse(verdict.Reason, verdict.Detail)
			return false
		case !c.bind(verdict.Identity):
			return false
		}
		c.session.Store(&session{a, verdict.Identity, c.source.space.account})
		if c.broker.judgements.Load() == before {
			return true
		}
		// Who may be let in changed meanwhile, and nobody may have noticed that
		// this client is in already.
		c.unbind()
	}
}

// attempt is what the client showed, or the configured user for those that
// showed nothing.
func (c *Client) attempt() *auth.Attempt {
	o := &c.options
	a := &auth.Attempt{
		ID: c.target.id, Type: c.ctype, Remote: c.remote, Nonce: c.nonce,
		User: o.User, Password: o.Pass, Token: o.Token, NKey: o.NKey, Signature: o.Sig, JWT: o.JWT,
		Name: o.Name, Lang: o.Lang, Version: o.Version,
	}
	if user := c.broker.options.NoAuthUser; user != "" && o.User == "" && o.Pass == "" && o.Token == "" && o.NKey == "" {
		a.Default = true
		if c.broker.options.NoAuthIsNKey {
			a.NKey = user
		} else {
			a.User = user
		}
	}
	return a
}

// refuse ends a connection whose credentials were not accepted. All reasons look
// the same to the client.
func (c *Client) refuse(reason auth.Reason, detail string) {
	c.errorf("authentication error%s", offered(c.attempt()))
	if detail != "" {
		c.debugf("authentication refused: %s", detail)
	}
	closeReason := AuthFailure
	switch reason {
	case auth.ProxyRequired:
		closeReason = ProxyRequired
	case auth.ProxyNotTrusted:
		closeReason = ProxyNotTrusted
	}
	c.fail(errAuthorization, closeReason)
}

// offered says which credentials a client showed, without secrets.
func offered(a *auth.Attempt) string {
	switch {
	case a.Default:
		return ""
	case a.NKey != "":
		return " - Nkey \"" + a.NKey + "\""
	case a.User != "":
		return " - User \"" + a.User + "\""
	case a.Token != "":
		return " - Token \"[REDACTED]\""
	}
	return ""
}

// bind registers the client with the identity's account and makes permissions
// and limits effective.
func (c *Client) bind(id *auth.Identity) bool {
	sp, err := c.broker.space(id.Account)
	if err != nil {
		c.errorf("account of the user: %v", err)
		c.fail(errRegistration, MissingAccount)
		return false
	}
	rules := id.Permissions
	if rules == nil {
		rules = sp.account.DefaultPermissions()
	}
	permissions, err := c.broker.rules.Compile(rules)
	if err != nil {
		c.errorf("permissions of the user: %v", err)
		c.fail(errRegistration, AuthFailure)
		return false
	}
	if err := sp.account.Register(); err != nil {
		c.errorf("%s - Account:%s", errAccountConns, sp.account.Name())
		c.fail(errAccountConns, TooManyInAccount)
		return false
	}
	c.registered = true
	c.identity = id
	c.permissions.Store(permissions)
	c.replies.Store(nil)
	if permissions != nil {
		if r := permissions.Responses(); r != nil {
			c.replies.Store(account.NewReplies(*r))
		}
	}
	c.source.bind(sp, permissions)
	c.target.traced.Store(c.broker.traces(sp.account))
	c.setLimits()
	c.who.Store(c.describe())
	if !id.Expires.IsZero() {
		c.broker.time.wheel.Arm(&c.expiry, id.Expires.Sub(c.broker.time.Now()), func(time.Time) {
			c.expel(errUserExpired, AuthExpired)
		})
	}
	return true
}

// unbind gives up the place in the account, before another CONNECT.
func (c *Client) unbind() {
	if c.registered {
		c.registered = false
		c.source.space.account.Unregister()
	}
	c.session.Store(nil)
	c.source.bind(c.broker.home, nil)
}

// setLimits makes the smallest of server's, account's and user's limits
// effective.
func (c *Client) setLimits() {
	l := c.broker.limits.Load()
	a := c.source.space.account.Limits()
	payload := smallest(int64(l.maxPayload), a.MaxPayload, unlimitedIfZero(c.identity.Limits.MaxPayload))
	c.maxPayload.Store(payload)
	c.parser.MaxPayload, c.parser.MaxControlLine = int(payload), l.maxControlLine
	c.maxSubs = smallest(unlimitedIfZero(int64(l.maxSubs)), a.MaxSubscriptions, unlimitedIfZero(c.identity.Limits.MaxSubscriptions))
}

// smallest of the limits that are not negative; -1 when all are.
func smallest(limits ...int64) int64 {
	least := int64(-1)
	for _, l := range limits {
		if l >= 0 && (least < 0 || l < least) {
			least = l
		}
	}
	return least
}

func unlimitedIfZero(n int64) int64 {
	if n == 0 {
		return -1
	}
	return n
}

func (c *Client) describe() *identified {
	o := &c.options
	d := &identified{library: libraryText(o.Version, o.Lang, o.Name), account: c.source.space.account.Name()}
	switch {
	case !c.broker.authRequired():
	case o.NKey != "":
		d.user = "nkey:" + o.NKey
	case o.Token != "":
		d.user = "token"
	default:
		d.user = "user:" + c.identity.User
	}
	return d
}

// withoutConnect is asked when another operation than CONNECT comes first though
// credentials are due: a configured user stands in, or the client is refused.
func (c *Client) withoutConnect() Status {
	if c.broker.options.NoAuthUser == "" || c.broker.options.NoAuthIsNKey {
		c.refuse(auth.BadCredentials, "the first operation is not CONNECT")
		return Closed
	}
	c.broker.time.wheel.Stop(&c.authBy)
	c.source.endBatch()
	p := c.park()
	go func() {
		if c.authenticate() {
			c.expectConnect = false
			c.applyOptions()
		}
		p.resume()
	}()
	return Parked
}

// acceptInfo ignores an INFO that a client sends, if it is one.
func (c *Client) acceptInfo(arg []byte) Status {
	var document map[string]any
	if err := json.Unmarshal(arg, &document); err != nil {
		c.errorf("invalid INFO: %v", err)
		c.source.endBatch()
		c.close(ProtocolViolation)
		return Closed
	}
	return More
}

// violation ends a connection whose bytes are not the protocol's.
func (c *Client) violation(err error) {
	var payload *protocol.PayloadError
	switch {
	case errors.As(err, &payload):
		c.errorf("%v", err)
		c.fail(errPayload, PayloadTooLarge)
	case errors.Is(err, protocol.ErrControlLine):
		c.errorf("%v", err)
		c.fail(errControlLine, ControlLineTooLong)
	case errors.Is(err, protocol.ErrUnknownOperation):
		c.errorf("Client parser ERROR: %v", err)
		c.fail(errUnknownOperation, ProtocolViolation)
	default:
		c.errorf("%v", err)
		c.source.endBatch()
		c.close(ProtocolViolation)
	}
}
