package auth

// Outcome is the kind of answer an authenticator gives.
type Outcome uint8

// The outcomes. NotMine passes the attempt on to the next driver of the chain;
// Reject ends it. An error returned instead of a Verdict ends it too, as a
// refusal: an error never means NotMine.
const (
	NotMine Outcome = iota
	Accept
	Reject
)

// Verdict is an authenticator's answer.
type Verdict struct {
	Outcome Outcome
	// Identity is set exactly when Outcome is Accept.
	Identity *Identity
	// Reason says why an attempt was rejected: for logs and events, never sent
	// to the client.
	Reason Reason
	Detail string
}

// Reason classifies a refusal; it becomes the close reason in monitoring.
type Reason uint8

// The reasons. All of them look the same to the client.
const (
	BadCredentials Reason = iota
	ConnectionTypeNotAllowed
	ProxyRequired
	ProxyNotTrusted
	SourceNotAllowed
	OutsideHours
	Expired
	Revoked
)

// String says in words why, for logs.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "refused"
}

var reasons = [...]string{
	BadCredentials:           "bad credentials",
	ConnectionTypeNotAllowed: "connection type is not allowed",
	ProxyRequired:            "proxy connection required",
	ProxyNotTrusted:          "proxy is not trusted",
	SourceNotAllowed:         "source network is not allowed",
	OutsideHours:             "outside the allowed times",
	Expired:                  "credentials have expired",
	Revoked:                  "credentials are revoked",
}

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case NotMine:
		return "not mine"
	case Accept:
		return "accept"
	case Reject:
		return "reject"
	}
	return "no outcome"
}
