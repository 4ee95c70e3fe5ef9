// Package natsgo shortens what tests do with nats.go, the published Go client: each step waits
// until the broker has taken it and fails the test if it did not. Tests that need more call the
// client itself.
package natsgo
