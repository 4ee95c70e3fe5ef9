// Package userpass is the authenticator that knows users by name and password.
//
// It serves attempts that carry a user name. A name it does not know is not its
// own; a known name with a wrong password is refused. The host opens it for the
// users of the configuration's authorization and accounts blocks, or with a
// configuration of its own in an auth chain.
package userpass
