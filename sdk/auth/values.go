package auth

import (
	"crypto/x509"
	"net/netip"
	"time"
)

// ConnectionType is how a client reached the broker, in the spelling of the
// option allowed_connection_types.
type ConnectionType string

// The connection types a user can be restricted to.
const (
	Standard     ConnectionType = "STANDARD"
	WebSocket    ConnectionType = "WEBSOCKET"
	Leafnode     ConnectionType = "LEAFNODE"
	LeafnodeWS   ConnectionType = "LEAFNODE_WS"
	MQTT         ConnectionType = "MQTT"
	MQTTWS       ConnectionType = "MQTT_WS"
	InProcess    ConnectionType = "IN_PROCESS"
	UnknownCType ConnectionType = ""
)

// Attempt is everything one connection showed of itself when it asked to be
// let in. Secrets (Password, Token, Signature, JWT) reach only drivers whose
// Description declares that they read them.
type Attempt struct {
	// ID is the connection's number in this broker, Type how it came in.
	ID     uint64
	Type   ConnectionType
	Remote netip.AddrPort // invalid for in-process connections

	User      string
	Password  string
	Token     string
	NKey      string // public user key, U...
	Signature string // over Nonce, base64 (raw URL, or standard with padding)
	JWT       string
	Nonce     []byte // as sent in this connection's INFO, nil when none was sent

	// Name, Lang and Version are what the client library says of itself.
	Name    string
	Lang    string
	Version string

	// TLS is nil on a plain connection.
	TLS *TLSState

	// Default is true when the broker presents the configured no_auth_user on
	// behalf of a client that showed nothing. User or NKey then names that user;
	// no password and no signature are expected.
	Default bool
}

// TLSState is what the TLS handshake established.
type TLSState struct {
	// PeerCertificates is the verified chain, leaf first; empty when the client
	// showed none or the listener does not verify.
	PeerCertificates []*x509.Certificate
	// MapUser is true on a listener with verify_and_map: the certificate, not
	// CONNECT, names the user.
	MapUser bool
	Version uint16
	Cipher  uint16
}

// Outcome is the kind of answer an authenticator gives.
type Outcome uint8

// The outcomes. NotMine passes the attempt on to the next driver of the chain;
// Reject ends it. An error returned instead of a Verdict ends it too, as a
// refusal: an error never means NotMine.
const (
	NotMine Outcome = iota
	Accept
	Reject
)

// Verdict is an authenticator's answer.
type Verdict struct {
	Outcome Outcome
	// Identity is set exactly when Outcome is Accept.
	Identity *Identity
	// Reason says why an attempt was rejected: for logs and events, never sent
	// to the client.
	Reason Reason
	Detail string
}

// Reason classifies a refusal; it becomes the close reason in monitoring.
type Reason uint8

// The reasons. All of them look the same to the client.
const (
	BadCredentials Reason = iota
	ConnectionTypeNotAllowed
	ProxyRequired
	ProxyNotTrusted
	SourceNotAllowed
	OutsideHours
	Expired
	Revoked
)

// Identity is who a connection turned out to be.
type Identity struct {
	// User is the name shown in logs and monitoring.
	User string
	// Account the connection is bound to; empty means the default account.
	Account string
	// Permissions is nil for "the account's default permissions, or none".
	Permissions *Permissions
	Limits      Limits
	// Expires is when the connection is to be closed; zero means never.
	Expires time.Time
	Tags    []string
	// Key identifies the credential (user name, public key, ...) stably across
	// reloads, for revocation and re-check. Never a secret.
	Key string
	// Generation is filled in by the host: which generation of which driver
	// issued the identity.
	Generation uint64
	Driver     string
}

// Limits of one identity. Zero means "no limit of its own"; the account's and
// the server's limits apply as well, and the smallest wins.
type Limits struct {
	MaxPayload       int64 // bytes of header and body
	MaxSubscriptions int64
}

// Permissions says what a connection may publish and subscribe.
type Permissions struct {
	Publish   Subjects
	Subscribe Subjects // entries may be "subject queue"
	// Responses, when set, lets the connection publish to reply subjects it
	// was sent.
	Responses *Responses
}

// Subjects is a pair of lists. A nil Allow means everything is allowed; an
// empty, non-nil Allow means nothing is. Deny wins over Allow.
type Subjects struct {
	Allow []string
	Deny  []string
}

// Responses is the dynamic permission to answer.
type Responses struct {
	Max     int           // messages per reply subject; negative: no limit
	Expires time.Duration // since the request was delivered; negative: never
}
