package config

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// TLS is one tls block: what was written, with the files loaded.
type TLS struct {
	CertFile string
	KeyFile  string
	CAFile   string
	Pairs    []KeyPair
	// Certificates are loaded from the files above.
	Certificates []tls.Certificate
	// CAs are loaded from CAFile, nil for the system's.
	CAs *x509.CertPool

	// Verify demands a certificate of the peer, VerifyAndMap takes the user from
	// it, and CheckKnownURLs matches it with the configured URLs.
	Verify         bool
	VerifyAndMap   bool
	CheckKnownURLs bool
	// Insecure does not verify the server one connects to.
	Insecure bool
	// PinnedCerts are lower-case hex SHA-256 sums of public keys.
	PinnedCerts    []string
	HandshakeFirst HandshakeFirst
	// Timeout of the handshake.
	Timeout time.Duration
	// RateLimit is handshakes per second, 0 for any number.
	RateLimit int64
	// CipherSuites and Curves are empty for the defaults.
	CipherSuites  []uint16
	AllowInsecure bool
	Curves        []tls.CurveID
	MinVersion    TLSVersion
	OCSPPeer      *OCSPPeer
	// Store is the certificate store of the operating system to use.
	Store CertStore
}

// HandshakeFirst says whether TLS starts before INFO.
type HandshakeFirst struct {
	Enabled bool
	// Fallback, when positive, is how long the peer may take to begin before INFO
	// is sent after all.
	Fallback time.Duration
}

// TLSVersion is a version of TLS as crypto/tls numbers them.
type TLSVersion uint16

// String returns the version as the option min_version writes it.
func (v TLSVersion) String() string {
	return strings.TrimPrefix(tls.VersionName(uint16(v)), "TLS ")
}

// KeyPair names the files of a certificate and its key.
type KeyPair struct {
	CertFile string
	KeyFile  string
}

// CertStore picks a certificate from a store of the operating system.
type CertStore struct {
	Name        string
	MatchBy     string
	Match       string
	SkipInvalid bool
	CAs         []string
}

var errBadCAFile = errors.New("failed to parse root ca certificate")

const (
	defaultTLSTimeout = 2 * time.Second
	// autoFallbackDelay is what handshake_first: auto means.
	autoFallbackDelay = 50 * time.Millisecond
)

// The schemas of tls blocks: of listeners for clients and leaf nodes, of
// connections between servers, and of proxies in front of a remote.
var (
	serverTLS = newTLSSchema(tlsRows, option.Into(
		option.Switch("verify_cert_and_check_known_urls").
			Check(func(n *option.Node, _ bool) {
				n.Errorf("verify_cert_and_check_known_urls not supported in this context")
			}).
			Doc("Only in the tls blocks of cluster and gateway."),
		func(t *TLS) *bool { return &t.CheckKnownURLs }))

	peerTLS = newTLSSchema(tlsRows, option.Into(
		tlsSwitch("verify_cert_and_check_known_urls").
			Doc("The peer's certificate must match the host of a configured URL."),
		func(t *TLS) *bool { return &t.CheckKnownURLs }))

	proxyTLS = newTLSSchema(tlsPeerRows).Unknown(`"{key}" is not supported for proxy TLS`)
)

func newTLSSchema(rows []option.Binding[TLS], more ...option.Binding[TLS]) *option.Schema[TLS] {
	return option.NewSchema(rows, more).
		Unknown(`error parsing tls config, unknown field "{key}"`).
		Strict().
		Check(func(t *TLS, n *option.Node) { t.load(n) })
}

func tlsText(name string) *option.Of[string] {
	return option.Text(name).Otherwise("error parsing tls config, expected '" + name + "' to be filename")
}

func tlsSwitch(name string) *option.Of[bool] {
	return option.Switch(name).Otherwise("error parsing tls config, expected '" + name + "' to be a boolean")
}

// tlsPeerRows are the options that every tls block has, also that of an outgoing
// connection.
var tlsPeerRows = []option.Binding[TLS]{
	option.Into(tlsText("cert_file").AlwaysReloads().
		Reloaded("Reloaded: tls = enabled").
		Doc("PEM file of the certificate."),
		func(t *TLS) *string { return &t.CertFile }),
	option.Into(tlsText("key_file").AlwaysReloads().
		Reloaded("Reloaded: tls = enabled").
		Doc("PEM file of the private key."),
		func(t *TLS) *string { return &t.KeyFile }),
	option.Into(tlsText("ca_file").AlwaysReloads().
		Reloaded("Reloaded: tls = enabled").
		Doc("PEM file of the authorities that sign the peers' certificates; the system's when not set."),
		func(t *TLS) *string { return &t.CAFile }),
	option.Into(option.Custom("certs", option.TypeBlocks, readKeyPairs).Alias("certificates").AlwaysReloads().
		Reloaded("Reloaded: tls = enabled").
		Fields(keyPairTable).
		Doc("Several pairs of cert_file and key_file; the server name that a client asks for picks one."),
		func(t *TLS) *[]KeyPair { return &t.Pairs }),
	option.Into(tlsSwitch("insecure").
		Doc("Do not verify the server that is connected to."),
		func(t *TLS) *bool { return &t.Insecure }),
	option.Into(option.Custom("timeout", option.TypeSeconds, func(n *option.Node) time.Duration {
		return readTimeout(n, "tls")
	}).Fallback(defaultTLSTimeout).
		Reloaded("Reloaded: tls timeout = %v").
		Doc("Time for the handshake, in seconds or as a duration."),
		func(t *TLS) *time.Duration { return &t.Timeout }),
	option.Into(option.Custom("cipher_suites", option.TypeTexts, readCipherSuites).
		Reloaded("Reloaded: tls = enabled").
		Doc("Cipher suites in the order preferred."),
		func(t *TLS) *[]uint16 { return &t.CipherSuites }),
	option.Into(tlsSwitch("allow_insecure_cipher_suites").
		Doc("Permit cipher suites that are known to be weak."),
		func(t *TLS) *bool { return &t.AllowInsecure }),
	option.Into(option.Custom("curve_preferences", option.TypeTexts, readCurves).
		Reloaded("Reloaded: tls = enabled").
		Doc("Curves in the order preferred."),
		func(t *TLS) *[]tls.CurveID { return &t.Curves }),
	option.Into(option.Custom("min_version", option.TypeText, readMinVersion).Default(tls.VersionTLS12).
		Reloaded("Reloaded: tls = enabled").
		Doc("Lowest TLS version, \"1.2\" or \"1.3\"."),
		func(t *TLS) *TLSVersion { return &t.MinVersion }),
	option.Into(option.Text("cert_store").
		Otherwise("expected 'cert_store' to be a valid non-empty string").
		Check(checkCertStore).
		Doc("Certificate store of Windows: WindowsCurrentUser or WindowsLocalMachine."),
		func(t *TLS) *string { return &t.Store.Name }),
	option.Into(option.Text("cert_match_by").
		Otherwise("expected 'cert_match_by' to be a valid non-empty string").
		Check(checkCertMatchBy).
		Doc("What cert_match is compared with: issuer, subject or thumbprint."),
		func(t *TLS) *string { return &t.Store.MatchBy }),
	option.Into(option.Text("cert_match").
		Otherwise("expected 'cert_match' to be a valid non-empty string").
		Check(func(n *option.Node, text string) {
			if text == "" {
				n.Errorf("expected 'cert_match' to be a valid non-empty string")
			}
		}).
		Doc("What picks the certificate in the store."),
		func(t *TLS) *string { return &t.Store.Match }),
	option.Into(option.Switch("cert_match_skip_invalid").
		Otherwise("expected 'cert_match_skip_invalid' to be a boolean").
		Doc("Skip certificates that have expired."),
		func(t *TLS) *bool { return &t.Store.SkipInvalid }),
	option.Into(option.TextOrList("ca_certs_match").
		Otherwise("error parsing ca_cert_match: unsupported type {type}").
		Doc("Authorities in the store."),
		func(t *TLS) *[]string { return &t.Store.CAs }),
}

// tlsRows are the options of a tls block that accepts connections, too.
var tlsRows = append(tlsPeerRows[:len(tlsPeerRows):len(tlsPeerRows)],
	option.Into(tlsSwitch("verify").
		Reloaded("Reloaded: tls = enabled").
		Doc("Demand a certificate of the peer."),
		func(t *TLS) *bool { return &t.Verify }),
	option.Into(tlsSwitch("verify_and_map").
		Refused("TLSMap").
		Doc("Demand a certificate of the client and take the user from it."),
		func(t *TLS) *bool { return &t.VerifyAndMap }),
	option.Into(option.Custom("pinned_certs", option.TypeTexts, readPinnedCerts).AlwaysReloads().
		ReloadedAs(func(pinned []string) string { return fmt.Sprintf("Reloaded: %d pinned_certs", len(pinned)) }).
		Doc("Hex SHA-256 sums of the public keys that peers may have."),
		func(t *TLS) *[]string { return &t.PinnedCerts }),
	option.Into(option.Custom("handshake_first", "boolean, auto, or duration", readHandshakeFirst).Alias("first", "immediate").
		ReloadedAs(func(h HandshakeFirst) string {
			return fmt.Sprintf("Reloaded: Client TLS handshake first: %v, fallback delay: %v", h.Enabled, h.Fallback)
		}).
		Doc("Start TLS before INFO; auto sends INFO after all when the client waits for it for 50ms, a duration after that time."),
		func(t *TLS) *HandshakeFirst { return &t.HandshakeFirst }),
	option.Into(option.Number("connection_rate_limit").
		Refused("TLSRateLimit").
		Otherwise("error parsing tls config, 'connection_rate_limit' wrong type").
		Doc("Handshakes per second on the client port; 0 is any number."),
		func(t *TLS) *int64 { return &t.RateLimit }),
	option.Into(option.StructOr("ocsp_peer", "boolean or block", ocspPeerSchema, readOCSPPeer).Feature(FeatureOCSP).
		Doc("Ask the authority whether a peer's certificate was revoked."),
		func(t *TLS) **OCSPPeer { return &t.OCSPPeer }),
)

// load checks the block as a whole and loads its files.
func (t *TLS) load(n *option.Node) {
	t.Verify = t.Verify || t.VerifyAndMap
	if !t.AllowInsecure {
		if names := insecureSuites(t.CipherSuites); len(names) > 0 {
			n.Errorf("insecure cipher suites configured without 'allow_insecure_cipher_suites' option set: %s",
				strings.Join(names, ", "))
		}
	}
	switch {
	case t.CertFile != "" && t.Store.Name != "":
		n.Errorf("'cert_file' and 'cert_store' may not both be configured")
	case t.CertFile != "" && len(t.Pairs) > 0:
		n.Errorf("error parsing tls config, cannot combine 'cert_file' option with 'certs' option")
	case t.CertFile != "" && t.KeyFile == "":
		n.Errorf("missing 'key_file' in TLS configuration")
	case t.KeyFile != "" && t.CertFile == "":
		n.Errorf("missing 'cert_file' in TLS configuration")
	case t.CertFile != "":
		if err := t.LoadPair(); err != nil {
			n.Errorf("%v", err)
		}
	}
	for i, pair := range t.Pairs {
		certificate, err := tls.LoadX509KeyPair(pair.CertFile, pair.KeyFile)
		if err != nil {
			n.Errorf("error parsing X509 certificate/key pair %d/%d: %v", i+1, len(t.Pairs), err)
			continue
		}
		t.Certificates = append(t.Certificates, certificate)
	}
	if err := t.LoadCAs(); err != nil {
		n.Errorf("%v", err)
	}
}

// LoadPair loads CertFile and KeyFile into Certificates.
func (t *TLS) LoadPair() error {
	certificate, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
	if err != nil {
		return &keyPairError{err}
	}
	t.Certificates = []tls.Certificate{certificate}
	return nil
}

// keyPairError says that a certificate and its key could not be loaded.
type keyPairError struct{ cause error }

func (e *keyPairError) Error() string {
	return "error parsing X509 certificate/key pair: " + e.cause.Error()
}

func (e *keyPairError) Unwrap() error { return e.cause }

// LoadCAs loads CAFile into CAs; without CAFile it does nothing.
func (t *TLS) LoadCAs() error {
	if t.CAFile == "" {
		return nil
	}
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return errBadCAFile
	}
	t.CAs = pool
	return nil
}

func readPinnedCerts(n *option.Node) []string {
	if n.Kind() != option.List {
		n.Errorf("error parsing tls config, expected 'pinned_certs' to be a list of hex-encoded sha256 of DER encoded SubjectPublicKeyInfo")
		return nil
	}
	var pinned []string
	for _, item := range n.Items() {
		sum := strings.ToLower(item.String())
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != 32 {
			item.Errorf("error parsing tls config, 'pinned_certs' key %s does not look like hex-encoded sha256 of DER encoded SubjectPublicKeyInfo", sum)
			continue
		}
		pinned = append(pinned, sum)
	}
	return pinned
}

func readHandshakeFirst(n *option.Node) HandshakeFirst {
	switch n.Kind() {
	case option.Bool:
		return HandshakeFirst{Enabled: n.Value.Bool}
	case option.String:
	default:
		n.Errorf("field %q should be a boolean or a string, got %s", n.Key, n.TypeName())
		return HandshakeFirst{}
	}
	switch text := strings.ToLower(n.Value.Text); text {
	case "true", "on":
		return HandshakeFirst{Enabled: true}
	case "false", "off":
		return HandshakeFirst{}
	case "auto", "auto_fallback":
		return HandshakeFirst{Enabled: true, Fallback: autoFallbackDelay}
	default:
		delay, err := time.ParseDuration(text)
		if err != nil {
			n.Errorf("field %q's value %q is invalid", n.Key, n.Value.Text)
		}
		return HandshakeFirst{Enabled: true, Fallback: delay}
	}
}
