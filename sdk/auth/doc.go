// Package auth is the contract between the broker and whatever decides who a
// connection is.
//
// A [Driver] describes itself and opens an [Authenticator] from its settings.
// The host calls the authenticators of a chain in the configured order with an
// [Attempt]; each answers with a [Verdict]. The package holds plain values and
// two small interfaces, imports the standard library only, and is all that an
// author of an authenticator needs beside sdk/option and sdk/host.
package auth
