package auth

import (
	"fmt"
	"net/netip"
	"slices"
)

// AttemptField names a group of an Attempt's fields that a driver declares to
// read. Fields that no AttemptField names are given to every driver.
type AttemptField uint8

// The fields a driver can declare.
const (
	ReadsUser AttemptField = iota
	ReadsPassword
	ReadsToken
	ReadsNKey
	ReadsSignature // with it comes the Nonce
	ReadsJWT
	ReadsTLS
	ReadsRemote
)

// Only returns a copy of a in which every field that could be declared and is
// not among fields is blank. The host gives a driver nothing else.
func (a *Attempt) Only(fields ...AttemptField) *Attempt {
	given := *a
	for field, blank := range blanks {
		if !slices.Contains(fields, field) {
			blank(&given)
		}
	}
	return &given
}

var blanks = map[AttemptField]func(*Attempt){
	ReadsUser:      func(a *Attempt) { a.User = "" },
	ReadsPassword:  func(a *Attempt) { a.Password = "" },
	ReadsToken:     func(a *Attempt) { a.Token = "" },
	ReadsNKey:      func(a *Attempt) { a.NKey = "" },
	ReadsSignature: func(a *Attempt) { a.Signature, a.Nonce = "", nil },
	ReadsJWT:       func(a *Attempt) { a.JWT = "" },
	ReadsTLS:       func(a *Attempt) { a.TLS = nil },
	ReadsRemote:    func(a *Attempt) { a.Remote = netip.AddrPort{} },
}

// Format prints whose attempt it is and never a secret, whatever the verb.
func (a *Attempt) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "attempt of connection %d (%s) from %s", a.ID, a.Type, a.Remote)
	switch {
	case a.NKey != "":
		fmt.Fprintf(f, " as nkey %s", a.NKey)
	case a.User != "":
		fmt.Fprintf(f, " as user %q", a.User)
	}
}
