package account

import "github.com/trellismq/trellis/core/subject"

// Names that the broker keeps to itself. The checks are for clients, hold
// whatever the permissions say, and look at the subject after mapping (client
// protocol, reserved names).
const (
	gatewayReply    = "_GR_."
	oldGatewayReply = "$GR."
	serviceReply    = "_R_."
	streamAck       = "$JS.ACK."
	consensus       = "$NRG."
	systemQueue     = "_sys_"
)

// Publisher is what the reserved names ask of who publishes.
type Publisher struct {
	// Client is true for connections of clients, the only ones restricted.
	Client bool
	// System is true in the system account.
	System bool
}

// MayPublish reports whether name is free to publish to.
func (p Publisher) MayPublish(name []byte) bool {
	if !p.Client || len(name) == 0 || name[0] != '_' && name[0] != '$' {
		return true
	}
	if isGatewayReply(name) {
		return false
	}
	return p.System || !hasPrefix(name, consensus)
}

// MayReply reports whether name is free to be the reply subject of a message.
func (p Publisher) MayReply(name []byte) bool {
	if !p.Client || len(name) == 0 || name[0] != '_' && name[0] != '$' {
		return true
	}
	return !isGatewayReply(name) && !hasPrefix(name, serviceReply) && !continues(name, streamAck)
}

// MayQueue reports whether a client may subscribe in the queue group.
func MayQueue(queue string) bool { return queue != systemQueue }

func isGatewayReply(name []byte) bool {
	return continues(name, gatewayReply) || continues(name, oldGatewayReply)
}

func hasPrefix(name []byte, prefix string) bool {
	return len(name) >= len(prefix) && subject.View(name[:len(prefix)]) == prefix
}

// continues reports whether name is prefix and at least one more byte.
func continues(name []byte, prefix string) bool {
	return len(name) > len(prefix) && hasPrefix(name, prefix)
}
