// Command auth-badge is the broker with one more authenticator compiled in: the
// driver of package badge, in front of users with passwords.
//
//	go run ./examples/auth-badge -c examples/auth-badge/badge.conf
package main
