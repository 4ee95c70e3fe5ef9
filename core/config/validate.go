package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Validate applies the rules that hold for a whole configuration, flags included:
// at the start and at every reload, not in a syntax check. The first rule that is
// broken is returned. The parts of a server that are built as plugins add rules
// of their own.
func (o *Options) Validate() error {
	for _, rule := range []func(*Options) error{
		validLameDuck, validPayload, validName, validNoAuthUser,
	} {
		if err := rule(o); err != nil {
			return err
		}
	}
	return nil
}

func validLameDuck(o *Options) error {
	if l := o.LameDuck; l.GracePeriod >= l.Duration {
		return fmt.Errorf("lame duck grace period (%v) should be strictly lower than lame duck duration (%v)",
			l.GracePeriod, l.Duration)
	}
	return nil
}

func validPayload(o *Options) error {
	if l := o.Limits; l.MaxPayload > l.MaxPending {
		return fmt.Errorf("max_payload (%d) cannot be higher than max_pending (%d)", l.MaxPayload, l.MaxPending)
	}
	return nil
}

func validName(o *Options) error {
	if strings.Contains(o.Identity.Name, " ") {
		return errors.New("server name cannot contain spaces")
	}
	return nil
}

// validNoAuthUser looks for the user that stands for clients without credentials.
// An explicit chain may know users that the configuration does not.
func validNoAuthUser(o *Options) error {
	name := o.System.NoAuthUser
	if name == "" || len(o.Auth) > 0 {
		return nil
	}
	if len(o.Operator.JWTs) > 0 || len(o.Operator.TrustedKeys) > 0 {
		return errors.New("no_auth_user not compatible with Trusted Operator")
	}
	none := true
	for _, u := range o.AccountUsers() {
		if u.Key() == name {
			return nil
		}
		none = false
	}
	if none {
		return fmt.Errorf("no_auth_user: %q present, but users/nkeys are not defined", name)
	}
	return fmt.Errorf("no_auth_user: %q not present as user or nkey in authorization block or account configuration", name)
}

var bcryptHash = regexp.MustCompile(`^\$2[abxy]\$\d{2}\$.*`)

// PlaintextPasswords reports whether a user has a password that is not hashed. A
// user without password is fine where certificates name the users.
func (o *Options) PlaintextPasswords() bool {
	mapped := o.Client.TLS != nil && o.Client.TLS.VerifyAndMap
	plain := func(password string) bool {
		return !bcryptHash.MatchString(password) && !(password == "" && mapped)
	}
	if a := o.Authorization; a != nil && a.User != "" && plain(a.Password) {
		return true
	}
	for _, u := range o.AccountUsers() {
		if u.NKey == "" && plain(u.Password) {
			return true
		}
	}
	return false
}
