package config

import "github.com/trellismq/trellis/sdk/option"

// Monitoring says where the server can be watched over HTTP.
type Monitoring struct {
	// Host is where monitoring listens, empty for the clients' host.
	Host string
	// Port and TLSPort of HTTP and HTTPS monitoring: 0 is off, -1 any free port.
	Port    int64
	TLSPort int64
	// BasePath is the path under which the pages are served, as written.
	BasePath string

	// ProfilePort of the profiler over HTTP: 0 is off, -1 any free port.
	ProfilePort      int64
	ProfileBlockRate int64
}

var monitoringRows = option.Within(func(o *Options) *Monitoring { return &o.Monitoring },
	option.Through(option.Listen("http").
		Refused("HTTPHost").
		Feature(FeatureMonitoring).
		Doc("Address of HTTP monitoring."),
		func(m *Monitoring, a option.Address) { m.Host, m.Port = a.Host, a.Port }),
	option.Through(option.Listen("https").
		Refused("HTTPHost").
		Feature(FeatureMonitoring).
		Doc("Address of HTTPS monitoring, with the certificate of the tls block."),
		func(m *Monitoring, a option.Address) { m.Host, m.TLSPort = a.Host, a.Port }),
	option.Refuse("HTTPHost", func(m *Monitoring) *string { return &m.Host }),
	option.Into(option.Number("http_port").Alias("monitor_port").
		Refused("HTTPPort").Feature(FeatureMonitoring).
		Flag(groupServer, "port", "m", "http_port").
		Doc("Port of HTTP monitoring on the clients' host; -1 picks a free one."),
		func(m *Monitoring) *int64 { return &m.Port }),
	option.Into(option.Number("https_port").
		Refused("HTTPSPort").Feature(FeatureMonitoring).
		Flag(groupServer, "port", "ms", "https_port").
		Doc("Port of HTTPS monitoring on the clients' host; -1 picks a free one."),
		func(m *Monitoring) *int64 { return &m.TLSPort }),
	option.Into(option.Text("http_base_path").Fallback("/").
		Refused("HTTPBasePath").
		Doc("Path under which the monitoring pages are served."),
		func(m *Monitoring) *string { return &m.BasePath }),
	option.Into(option.Number("prof_port").
		Refused("ProfPort").Feature(FeatureProfiling).
		Flag(groupProfiling, "port", "profile").
		Doc("Port of the profiler over HTTP; -1 picks a free one."),
		func(m *Monitoring) *int64 { return &m.ProfilePort }),
	option.Into(option.Number("prof_block_rate").
		Reloaded("Reloaded: prof_block_rate = %v").
		Doc("Rate of the block profile; above 0 it costs performance."),
		func(m *Monitoring) *int64 { return &m.ProfileBlockRate }),
)
