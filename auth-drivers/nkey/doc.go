// Package nkey is the authenticator that knows users by their public key: the
// client proves to hold the private one by signing the nonce of its INFO.
//
// Every attempt that carries an nkey is its own, also one with an unknown key:
// a client that shows a key wants to be nobody else. The host opens it for the
// nkeys of the configuration's authorization and accounts blocks, or with a
// configuration of its own in an auth chain.
package nkey
