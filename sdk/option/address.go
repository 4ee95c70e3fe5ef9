package option

import (
	"net"
	"strconv"
)

// Address is where a listener listens. An empty Host means the listener's
// default host.
type Address struct {
	Host string
	Port int64
}

// String renders the address as host:port.
func (a Address) String() string {
	return net.JoinHostPort(a.Host, strconv.FormatInt(a.Port, 10))
}

// Listen makes an option that holds a listen address: "host:port", ":port",
// "[v6]:port", or an integer port.
func Listen(name string) *Of[Address] {
	return newOf(name, TypeAddress, String, func(o *Option, n *Node) Address {
		switch n.Kind() {
		case Int:
			return Address{Port: n.Value.Int}
		case String:
			host, port, err := net.SplitHostPort(n.Value.Text)
			if err != nil {
				n.Errorf("could not parse address string %q", n.Value.Text)
				return Address{}
			}
			number, err := strconv.ParseInt(port, 10, 32)
			if err != nil {
				n.Errorf("could not parse port %q", port)
				return Address{}
			}
			return Address{Host: host, Port: number}
		}
		n.Errorf("%s", n.expand("expected port or host:port, got {type}"))
		return Address{}
	})
}
