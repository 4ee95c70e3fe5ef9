// Package secret compares what a client shows with what the configuration
// stores: in plain text or as a bcrypt hash.
//
// The drivers that take passwords or tokens share it. It lies beside them and
// not in sdk/auth, because bcrypt is not part of the standard library, and sdk
// must not make every author of an authenticator depend on it.
package secret
