package auth

import (
	"crypto/x509"
	"net/netip"
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
// let in. A driver is given the fields that its Description says it reads and
// blanks in place of the others; it must not change what it is given. Password,
// Token, Signature and JWT are secrets: they belong in no log, error or verdict.
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

	// Proxy is the public key of the trusted proxy that vouches for the
	// connection, empty when none does.
	Proxy string

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
