package config

import (
	"math"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// MQTT says how clients connect over MQTT.
type MQTT struct {
	// Host and Port of the listener; Port 0 is off, -1 any free port.
	Host          string
	Port          int64
	TLS           *TLS
	Authorization *FrontAuthorization
	NoAuthUser    string
	// AckWait is when an unacknowledged message is delivered again.
	AckWait       time.Duration
	JSAPITimeout  time.Duration
	MaxAckPending int64
	// JSDomain is the JetStream domain of the sessions.
	JSDomain string
	// Replicas of the streams, 0 for as many as the cluster suggests.
	Replicas                  int64
	ConsumerMemoryStorage     bool
	ConsumerInactiveThreshold time.Duration
	RejectQoS2Publish         bool
	DowngradeQoS2Subscribe    bool
}

var mqttSchema = option.NewSchema([]option.Binding[MQTT]{
	option.Through(option.Listen("listen").
		Doc("Address to listen on for MQTT connections."),
		func(m *MQTT, a option.Address) { listenOn(&m.Host, &m.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Doc("Host to listen on for MQTT connections."),
		func(m *MQTT) *string { return &m.Host }),
	option.Into(option.Number("port").
		Doc("Port to listen on for MQTT connections; 0 is off, -1 picks a free one."),
		func(m *MQTT) *int64 { return &m.Port }),
	option.Into(option.Struct("tls", serverTLS).
		Doc("TLS for MQTT connections."),
		func(m *MQTT) **TLS { return &m.TLS }),
	option.Into(frontAuthorization(),
		func(m *MQTT) **FrontAuthorization { return &m.Authorization }),
	option.Into(option.Text("no_auth_user").
		Doc("User that stands for clients which show no credentials."),
		func(m *MQTT) *string { return &m.NoAuthUser }),
	option.Into(option.DurationOrSeconds("ack_wait").Alias("ackwait").Fallback(30*time.Second).AlwaysReloads().
		Reloaded("Reloaded: MQTT ack_wait = %v").
		Doc("Time after which an unacknowledged message is delivered again."),
		func(m *MQTT) *time.Duration { return &m.AckWait }),
	option.Into(option.DurationOrSeconds("js_api_timeout").Alias("api_timeout").Fallback(5*time.Second).
		Doc("Time JetStream may take to answer."),
		func(m *MQTT) *time.Duration { return &m.JSAPITimeout }),
	option.Into(option.Number("max_ack_pending").Alias("max_pending", "max_inflight").Fallback(1024).AlwaysReloads().
		Reloaded("Reloaded: MQTT max_ack_pending = %v").
		Check(func(n *option.Node, v int64) {
			if v < 0 || v > math.MaxUint16 {
				n.Errorf("invalid value %d, should in [0..65535] range", v)
			}
		}).
		Doc("Unacknowledged messages per subscription."),
		func(m *MQTT) *int64 { return &m.MaxAckPending }),
	option.Into(option.Text("js_domain").
		Doc("JetStream domain that holds the sessions."),
		func(m *MQTT) *string { return &m.JSDomain }),
	option.Into(option.Number("stream_replicas").AlwaysReloads().
		Reloaded("Reloaded: MQTT stream_replicas = %v").
		Doc("Replicas of the streams; by the size of the cluster, at most 3, when not set."),
		func(m *MQTT) *int64 { return &m.Replicas }),
	option.Through(option.Custom("consumer_replicas", "anything", func(*option.Node) any { return nil }).
		Deprecated("consumer replicas setting ignored in this server version").
		Doc("Ignored."),
		func(*MQTT, any) {}),
	option.Into(option.Switch("consumer_memory_storage").AlwaysReloads().
		Reloaded("Reloaded: MQTT consumer_memory_storage = %v").
		Doc("Keep consumers in memory."),
		func(m *MQTT) *bool { return &m.ConsumerMemoryStorage }),
	option.Into(option.DurationOrSeconds("consumer_inactive_threshold").Alias("consumer_auto_cleanup").AlwaysReloads().
		Reloaded("Reloaded: MQTT consumer_inactive_threshold = %v").
		Doc("Time after which an unused consumer is removed."),
		func(m *MQTT) *time.Duration { return &m.ConsumerInactiveThreshold }),
	option.Into(option.Switch("reject_qos2_publish").
		Doc("Close clients that publish with QoS 2."),
		func(m *MQTT) *bool { return &m.RejectQoS2Publish }),
	option.Into(option.Switch("downgrade_qos2_subscribe").
		Doc("Grant QoS 1 where QoS 2 is asked for."),
		func(m *MQTT) *bool { return &m.DowngradeQoS2Subscribe }),
})
