package broker

import (
	"encoding/json"
	"runtime"

	"github.com/trellismq/trellis/core/protocol"
)

// NATSVersion is the version of nats-server whose behaviour this broker has.
// Clients switch features on by it.
const NATSVersion = "2.15.2"

// apiLevel is the JetStream API level of that version.
const apiLevel = 5

// Info is the INFO document (client protocol, INFO). Field order is that of the
// wire.
type Info struct {
	ServerID      string   `json:"server_id"`
	ServerName    string   `json:"server_name"`
	Version       string   `json:"version"`
	Proto         int      `json:"proto"`
	GitCommit     string   `json:"git_commit,omitempty"`
	Go            string   `json:"go"`
	Host          string   `json:"host"`
	Port          int      `json:"port"`
	Headers       bool     `json:"headers"`
	AuthRequired  bool     `json:"auth_required,omitempty"`
	MaxPayload    int      `json:"max_payload"`
	ClientID      uint64   `json:"client_id,omitempty"`
	ClientIP      string   `json:"client_ip,omitempty"`
	Nonce         string   `json:"nonce,omitempty"`
	ConnectURLs   []string `json:"connect_urls,omitempty"`
	LameDuck      bool     `json:"ldm,omitempty"`
	ConnectInfo   bool     `json:"connect_info,omitempty"`
	RemoteAccount string   `json:"remote_account,omitempty"`
	IsSystem      bool     `json:"acc_is_sys,omitempty"`
	APILevel      int      `json:"api_lvl,omitempty"`
	XKey          string   `json:"xkey,omitempty"`
}

// info is the document for every connection; what differs is filled in by the
// caller.
func (b *Broker) info() Info {
	host, port := b.options.Host, b.port
	if b.advertised.host != "" {
		host, port = b.advertised.host, b.advertised.port
	}
	b.mu.Lock()
	urls := b.mu.connectURLs
	b.mu.Unlock()
	return Info{
		ServerID: b.id, ServerName: b.options.ServerName, Version: NATSVersion, Proto: 1,
		GitCommit: b.options.GitCommit, Go: runtime.Version(), Host: host, Port: port,
		Headers: !b.options.NoHeaderSupport, AuthRequired: b.authRequired(),
		MaxPayload: b.limits.Load().maxPayload, ConnectURLs: urls, APILevel: apiLevel, XKey: b.xkey,
	}
}

func (i *Info) line() string {
	document, err := json.Marshal(i)
	if err != nil {
		panic("broker: INFO cannot be encoded: " + err.Error()) // plain fields only
	}
	return string(protocol.AppendInfo(nil, document))
}

// greeting is the first INFO of a connection.
func (c *Client) greeting() string {
	i := c.broker.info()
	i.ClientID, i.Nonce = c.target.id, string(c.nonce)
	if c.remote.IsValid() {
		i.ClientIP = c.remote.Addr().Unmap().String()
	}
	if c.broker.options.NoAuthUser != "" && !c.broker.options.ImpliedNoAuthUser {
		i.AuthRequired = false
	}
	return i.line()
}

// currentInfo is the document for a connected client as it stands now.
func (c *Client) currentInfo() Info {
	i := c.broker.info()
	i.ClientID, i.MaxPayload = c.target.id, int(c.maxPayload.Load())
	if c.remote.IsValid() {
		i.ClientIP = c.remote.Addr().Unmap().String()
	}
	return i
}

// connectInfo is the INFO that follows the first PONG after CONNECT.
func (c *Client) connectInfo() string {
	i := c.currentInfo()
	i.ConnectInfo = true
	i.RemoteAccount = c.source.space.account.Name()
	i.IsSystem = c.broker.isSystem(c.source.space)
	return i.line()
}

// SetConnectURLs replaces the URLs of the cluster's servers that clients are
// told of, and tells those that understand it.
func (b *Broker) SetConnectURLs(urls []string) {
	b.mu.Lock()
	b.mu.connectURLs = append([]string(nil), urls...)
	clients := b.clientsLocked()
	b.mu.Unlock()
	for _, c := range clients {
		if c.informed.Load() {
			i := c.currentInfo()
			c.send(i.line())
		}
	}
}
