package account

// Limits of an account. A negative value is no limit; 0 lets nothing through.
type Limits struct {
	MaxConnections   int64 // connections at a time, leaf nodes included
	MaxSubscriptions int64 // per connection
	MaxPayload       int64 // bytes of header and body of one message
	MaxLeafnodes     int64 // leaf node connections at a time
}

// Unlimited returns limits that limit nothing.
func Unlimited() Limits {
	return Limits{MaxConnections: -1, MaxSubscriptions: -1, MaxPayload: -1, MaxLeafnodes: -1}
}
