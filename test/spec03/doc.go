// Package spec03 holds the tests of the checklist of docs/compatibility/03-auth-accounts-mapping.md
// that concern clients over plain TCP who log in with a token, a password or an nkey, and their
// permissions. Each line is a subtest named `spec 03 #N`; they talk to the real program over raw
// sockets.
package spec03
