package broker

// CloseReason says why a connection was closed. Its text is what monitoring and
// events show (client protocol, close reasons).
type CloseReason string

// The close reasons.
const (
	ClientClosed         CloseReason = "Client Closed"
	AuthTimeout          CloseReason = "Authentication Timeout"
	AuthFailure          CloseReason = "Authentication Failure"
	AuthExpired          CloseReason = "Authentication Expired"
	CredentialsRevoked   CloseReason = "Credentials Revoked"
	ProxyNotTrusted      CloseReason = "Proxy Not Trusted"
	ProxyRequired        CloseReason = "Proxy Required"
	SlowPending          CloseReason = "Slow Consumer (Pending Bytes)"
	SlowDeadline         CloseReason = "Slow Consumer (Write Deadline)"
	WriteError           CloseReason = "Write Error"
	ReadError            CloseReason = "Read Error"
	ParseError           CloseReason = "Parse Error"
	ProtocolViolation    CloseReason = "Protocol Violation"
	StaleConnection      CloseReason = "Stale Connection"
	BadClientVersion     CloseReason = "Bad Client Protocol Version"
	NoRespondersNeedsHdr CloseReason = "No Responders Requires Headers"
	TooManyConnections   CloseReason = "Maximum Connections Exceeded"
	TooManyInAccount     CloseReason = "Maximum Account Connections Exceeded"
	PayloadTooLarge      CloseReason = "Maximum Message Payload Exceeded"
	ControlLineTooLong   CloseReason = "Maximum Control Line Exceeded"
	TooManySubscriptions CloseReason = "Maximum Subscriptions Exceeded"
	ServerShutdown       CloseReason = "Server Shutdown"
	Kicked               CloseReason = "Kicked"
	MissingAccount       CloseReason = "Missing Account"
)

// flushes reports whether what is queued for a connection is still written when
// it closes for this reason (client protocol, connection state machine).
func (r CloseReason) flushes() bool {
	switch r {
	case WriteError, ReadError, SlowPending, SlowDeadline:
		return false
	}
	return true
}

// What a client is told, byte for byte: clients match on these texts (client
// protocol, catalogue of -ERR texts).
const (
	errUnknownOperation  = "Unknown Protocol Operation"
	errAuthorization     = "Authorization Violation"
	errAuthTimeout       = "Authentication Timeout"
	errUserExpired       = "User Authentication Expired"
	errRegistration      = "Failed Account Registration"
	errConnections       = "maximum connections exceeded"
	errAccountConns      = "maximum account active connections exceeded"
	errSubscriptions     = "maximum subscriptions exceeded"
	errControlLine       = "maximum control line exceeded"
	errPayload           = "Maximum Payload Violation"
	errClientVersion     = "invalid client protocol"
	errNoResponders      = "no responders requires headers support"
	errInvalidSubject    = "Invalid Subject"
	errInvalidPubSubject = "Invalid Publish Subject"
	errStale             = "Stale Connection"
)
