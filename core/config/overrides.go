package config

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// Overrides are the flags that were given, to be applied on top of a file: at the
// start and again at every reload. The zero Overrides change nothing.
type Overrides struct{ settings []setting }

// The mistakes that flags can make together, or together with a file, in the words
// of nats-server.
var (
	ErrUserAndToken  = errors.New("Cannot have a user/pass and a token")
	ErrNoCertificate = errors.New("TLS Server certificate must be present and valid")
	ErrNoKey         = errors.New("TLS Server private key must be present and valid")
	ErrNoClusterPass = errors.New("expected cluster password to be set")
	ErrRoutesAlone   = errors.New("solicited routes require cluster capabilities, e.g. --cluster")
)

// Apply overrides options with the flags that were given. The options of a file
// are changed in place; after an error they must not be used.
func (v *Overrides) Apply(o *Options) error {
	for _, s := range v.settings {
		if s.flag.apply == nil {
			continue
		}
		if err := s.flag.apply(o, s.value); err != nil {
			return trimmed(err)
		}
	}
	for _, step := range []func(*Options) error{v.applyCredentials, v.applyTLS, v.checkRoutes} {
		if err := step(o); err != nil {
			return err
		}
	}
	return nil
}

// Given reports whether the flag of that name, or one of its aliases, was given.
func (v *Overrides) Given(name string) bool { return v.last(name) != nil }

// last returns the value of a flag as given last, or nil.
func (v *Overrides) last(name string) *option.Value {
	f := lookupFlag(name)
	for i := len(v.settings) - 1; i >= 0; i-- {
		if v.settings[i].flag == f {
			return v.settings[i].value
		}
	}
	return nil
}

func (v *Overrides) text(name string) string {
	if value := v.last(name); value != nil {
		return value.Text
	}
	return ""
}

// trimmed removes the line end of a report that is about a single flag.
func trimmed(err error) error {
	var invalid *option.InvalidError
	if errors.As(err, &invalid) {
		return errors.New(strings.TrimSpace(err.Error()))
	}
	return err
}

// applyCredentials lets a credential from the command line replace that of the
// file, whichever kind it is.
func (v *Overrides) applyCredentials(o *Options) error {
	user := v.text("user") != "" || v.text("pass") != ""
	token := v.text("auth") != ""
	switch {
	case !user && !token:
		return nil
	case user && token:
		return ErrUserAndToken
	case user:
		o.Authorization.Token = ""
	case token:
		o.Authorization.User, o.Authorization.Password = "", ""
	}
	report := new(option.Report)
	checkSingle(o.Authorization, option.NewNode("authorization", option.Position{}, nil, report))
	checkSingleWithAccounts(o, report)
	if err := report.Err(); err != nil {
		return trimmed(err)
	}
	return nil
}

// applyTLS replaces the certificates of a tls block, and how peers are verified.
// What else the block says stays.
func (v *Overrides) applyTLS(o *Options) error {
	on := v.last("tls")
	verify := v.last("tlsverify")
	switch {
	case on != nil && !on.Bool:
		o.Client.TLS = nil
		return nil
	case on == nil && (verify == nil || !verify.Bool) && !v.Given("tlscert") && !v.Given("tlskey") && !v.Given("tlscacert"):
		return nil
	}
	t := serverTLS.New()
	if file := o.Client.TLS; file != nil {
		t.Timeout = file.Timeout
		t.PinnedCerts = file.PinnedCerts
		t.HandshakeFirst = file.HandshakeFirst
		t.VerifyAndMap = file.VerifyAndMap
		t.RateLimit = file.RateLimit
	}
	t.CertFile, t.KeyFile, t.CAFile = v.text("tlscert"), v.text("tlskey"), v.text("tlscacert")
	t.Verify = t.VerifyAndMap || verify != nil && verify.Bool
	switch {
	case t.CertFile == "":
		return ErrNoCertificate
	case t.KeyFile == "":
		return ErrNoKey
	}
	if err := t.LoadPair(); err != nil {
		return err
	}
	if err := t.LoadCAs(); err != nil {
		return err
	}
	o.Client.TLS = t
	return nil
}

func (v *Overrides) checkRoutes(o *Options) error {
	if v.text("routes") != "" && (o.Cluster == nil || o.Cluster.Port == 0) {
		return ErrRoutesAlone
	}
	return nil
}

// applyClusterURL replaces where the cluster is listened for, and with which
// credentials.
func applyClusterURL(o *Options, v *option.Value) error {
	if v.Text == "" {
		o.Cluster = nil
		return nil
	}
	u, err := parseListenURL(v.Text)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(port, 10, 32)
	if err != nil {
		return err
	}
	c := o.cluster()
	c.Host, c.Port = host, number
	if c.Authorization != nil {
		c.Authorization.User, c.Authorization.Password = "", ""
	}
	if u.User == nil {
		return nil
	}
	password, ok := u.User.Password()
	if !ok {
		return ErrNoClusterPass
	}
	if c.Authorization == nil {
		c.Authorization = new(PeerAuthorization)
	}
	c.Authorization.User, c.Authorization.Password = u.User.Username(), password
	return nil
}

// parseListenURL accepts the port -1, which url.Parse does not.
func parseListenURL(text string) (*url.URL, error) {
	random := strings.HasSuffix(text, ":-1")
	u, err := url.Parse(strings.TrimSuffix(text, ":-1"))
	if err != nil {
		return nil, err
	}
	if random {
		u.Host += ":-1"
	}
	return u, nil
}

func applyRoutes(o *Options, v *option.Value) error {
	if o.Cluster == nil && v.Text == "" {
		return nil
	}
	var routes []*url.URL
	for text := range strings.SplitSeq(v.Text, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err != nil {
			return err
		}
		routes = append(routes, u)
	}
	o.cluster().Routes = routes
	return nil
}
