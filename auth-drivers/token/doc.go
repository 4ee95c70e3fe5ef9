// Package token is the authenticator that knows one shared token.
//
// It serves attempts that carry a token. A token that is not its own is left to
// the rest of the chain: MQTT clients show their password as a token, too, and
// another driver may know it. The host opens it for the token of the
// configuration's authorization block, or with a configuration of its own in an
// auth chain.
package token
