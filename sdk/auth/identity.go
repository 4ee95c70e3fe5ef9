package auth

import "time"

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
