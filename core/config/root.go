package config

import (
	"sync"

	"github.com/trellismq/trellis/sdk/option"
)

// root is the table of top-level options, bound to Options. Its order is the
// order of the reference page, of differences and of commits.
var root = sync.OnceValue(func() *option.Schema[Options] {
	return option.NewSchema(
		listenerRows,
		identityRows,
		limitRows,
		lameDuckRows,
		monitoringRows,
		loggingRows,
		fileRows,
		authorizationRows,
		systemRows,
		proxyRows,
		operatorRows,
		pluginRows,
		jetStreamRows,
		serverRows,
		ocspRows,
	).
		Keep(func(o *Options) **option.Settings { return &o.Written }).
		Check(func(o *Options, n *option.Node) {
			o.Logging.settle()
			checkStoreDir(o, n)
			checkUsers(o, n.Report())
			checkCallout(o, n.Report())
		})
})

// Table describes all options that a configuration file can hold.
func Table() *option.Table { return root().Table() }

var authorizationRows = []option.Binding[Options]{
	option.Into(option.Struct("authorization", authorizationSchema).
		Doc("Who may connect to the default account."),
		func(o *Options) **Authorization { return &o.Authorization }),
	option.Into(accountsOption().
		Reloaded("Reloaded: accounts").
		Doc("Accounts: each has subjects of its own. A list of names, or a block per account."),
		func(o *Options) *[]*Account { return &o.Accounts }),
	option.Into(mappingsOption().Feature(FeatureMappings).
		Doc("Subject mappings of the default account."),
		func(o *Options) *[]*Mapping { return &o.Mappings }),
}

// serverRows are the blocks about other servers and other protocols.
var serverRows = []option.Binding[Options]{
	option.Into(option.Struct("cluster", clusterSchema).
		Permanent("cluster port").Feature(FeatureCluster).
		Otherwise("Expected map to define cluster, got {type}").
		Doc("Routes to the other servers of a cluster."),
		func(o *Options) **Cluster { return &o.Cluster }),
	option.Into(option.Struct("gateway", gatewaySchema).
		Refused("Gateway").Feature(FeatureGateway).
		Otherwise("Expected gateway to be a map, got {type}").
		Doc("Connections to other clusters."),
		func(o *Options) **Gateway { return &o.Gateway }),
	option.Into(option.Struct("leafnodes", leafSchema).Alias("leaf").
		RefusedWithin("LeafNode").Permanent("LeafNode").Feature(FeatureLeafNodes).
		Otherwise("Expected map to define a leafnode, got {type}").
		Doc("Leaf nodes that connect here, and servers to connect to as a leaf node."),
		func(o *Options) **LeafNodes { return &o.LeafNodes }),
	option.Into(option.Struct("websocket", webSocketSchema).Alias("ws").
		Refused("Websocket").Feature(FeatureWebSocket).
		Otherwise("Expected websocket to be a map, got {type}").
		Doc("Clients over WebSocket."),
		func(o *Options) **WebSocket { return &o.WebSocket }),
	option.Into(option.Struct("mqtt", mqttSchema).
		Refused("MQTT").Feature(FeatureMQTT).
		Otherwise("Expected mqtt to be a map, got {type}").
		Doc("Clients over MQTT."),
		func(o *Options) **MQTT { return &o.MQTT }),
}
