package config

// The headings of the usage text, in its order.
const (
	groupServer        = "Server Options"
	groupLogging       = "Logging Options"
	groupJetStream     = "JetStream Options"
	groupAuthorization = "Authorization Options"
	groupTLS           = "TLS Options"
	groupCluster       = "Cluster Options"
	groupProfiling     = "Profiling Options"
	groupCommon        = "Common Options"
)
