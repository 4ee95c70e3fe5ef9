package auth

import (
	"net/netip"
	"slices"
	"time"
)

// Restrictions narrow how, from where and when one credential may be used,
// whoever shows it. The zero value allows everything. Restrictions are plain
// data: a driver that looks up its users elsewhere fills them in and calls
// [Restrictions.Check], so that the rules are the same for every driver.
type Restrictions struct {
	// ConnectionTypes lists the ways in that are allowed; empty allows all.
	ConnectionTypes []ConnectionType
	// Sources lists the networks that are allowed; empty allows all. A
	// connection without a remote address (in-process) is in no network.
	Sources []netip.Prefix
	// Times lists the times of day that are allowed; empty allows all.
	Times []TimeRange
	// Location is where Times is read off the clock; nil means the machine's.
	Location *time.Location
	// ProxyRequired allows only connections that a trusted proxy vouches for.
	ProxyRequired bool
}

// Check reports whether attempt, made at now, is within r. If it is, expires is
// when the connection must end because the last matching range of Times ends;
// zero means never. If it is not, reason says which rule it broke.
func (r *Restrictions) Check(attempt *Attempt, now time.Time) (expires time.Time, reason Reason, ok bool) {
	switch {
	case !r.AllowsType(attempt.Type):
		return time.Time{}, ConnectionTypeNotAllowed, false
	case r.ProxyRequired && attempt.Proxy == "":
		return time.Time{}, ProxyRequired, false
	case !r.allowsSource(attempt.Remote.Addr()):
		return time.Time{}, SourceNotAllowed, false
	case len(r.Times) == 0:
		return time.Time{}, 0, true
	}
	if r.Location != nil {
		now = now.In(r.Location)
	} else {
		now = now.Local()
	}
	for _, t := range r.Times {
		if end, in := t.ends(now); in && end.After(expires) {
			expires = end
		}
	}
	if expires.IsZero() {
		return time.Time{}, OutsideHours, false
	}
	return expires, 0, true
}

// AllowsType reports whether a connection that came in as t may use the
// credential.
func (r *Restrictions) AllowsType(t ConnectionType) bool {
	return len(r.ConnectionTypes) == 0 || slices.Contains(r.ConnectionTypes, t)
}

func (r *Restrictions) allowsSource(remote netip.Addr) bool {
	if len(r.Sources) == 0 {
		return true
	}
	remote = remote.Unmap()
	return slices.ContainsFunc(r.Sources, func(p netip.Prefix) bool { return p.Contains(remote) })
}
