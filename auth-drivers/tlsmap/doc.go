// Package tlsmap is the authenticator that knows users by their TLS client
// certificate.
//
// It serves every attempt that comes in on a listener with verify_and_map, and
// no other: there the certificate alone names the user, whatever CONNECT says.
// The names of a certificate are tried in a fixed order: e-mail addresses, DNS
// names and URIs as they are, then the subject as a distinguished name, then the
// subject as text. The host opens it for the users of the configuration's
// authorization and accounts blocks, or with a configuration of its own in an
// auth chain.
package tlsmap
