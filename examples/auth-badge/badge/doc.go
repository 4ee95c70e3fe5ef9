// Package badge is an example of an authenticator: who is listed in a file with
// a badge number gets in with that number as the password, into an account for
// doors.
package badge
