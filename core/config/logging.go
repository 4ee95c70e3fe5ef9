package config

import "github.com/trellismq/trellis/sdk/option"

// Logging says what is logged, and where to.
type Logging struct {
	Debug bool
	Trace bool
	// TraceVerbose traces the system account, too.
	TraceVerbose bool
	// TraceHeaders traces headers instead of payloads.
	TraceHeaders bool
	// Time puts time stamps before lines, TimeUTC in UTC.
	Time    bool
	TimeUTC bool
	// File takes precedence over Syslog and RemoteSyslog.
	File string
	// SizeLimit in bytes after which the file is rotated; 0 is never.
	SizeLimit int64
	// MaxFiles to keep, the current one included; 0 keeps all.
	MaxFiles     int64
	Syslog       bool
	RemoteSyslog string
	// MaxTracedMessage is how many bytes of a payload a trace shows; 0 is all.
	MaxTracedMessage int64
}

var loggingRows = option.Within(func(o *Options) *Logging { return &o.Logging },
	option.Into(option.Switch("debug").
		Reloaded("Reloaded: debug = %v").
		Flag(groupLogging, "", "D", "debug").
		Doc("Log debugging lines."),
		func(l *Logging) *bool { return &l.Debug }),
	option.Into(option.Switch("trace").
		Reloaded("Reloaded: trace = %v").
		Flag(groupLogging, "", "V", "trace").
		Doc("Log the protocol."),
		func(l *Logging) *bool { return &l.Trace }),
	option.Into(option.Switch("trace_verbose").
		Reloaded("Reloaded: trace_verbose = %v").
		Doc("Log the protocol, that of the system account included."),
		func(l *Logging) *bool { return &l.TraceVerbose }),
	option.Into(option.Switch("trace_headers").
		Reloaded("Reloaded: trace_headers = %v").
		Doc("Log the protocol, with headers instead of payloads."),
		func(l *Logging) *bool { return &l.TraceHeaders }),
	option.Into(option.Switch("logtime").Default(true).
		Reloaded("Reloaded: logtime = %v").
		Flag(groupLogging, "", "T", "logtime").
		Doc("Put time stamps before log lines."),
		func(l *Logging) *bool { return &l.Time }),
	option.Into(option.Switch("logtime_utc").
		Reloaded("Reloaded: logtime_utc = %v").
		Flag(groupLogging, "", "logtime_utc").
		Doc("Time stamps in UTC instead of local time."),
		func(l *Logging) *bool { return &l.TimeUTC }),
	option.Into(option.Text("log_file").Alias("logfile").
		Reloaded("Reloaded: log_file = %v").
		Flag(groupLogging, "file", "l", "log").
		Doc("File to log to; it takes precedence over syslog."),
		func(l *Logging) *string { return &l.File }),
	option.Into(option.Number("log_size_limit").Alias("logfile_size_limit").Unit("bytes").
		Refused("LogSizeLimit").Feature(FeatureLogRotation).
		Flag(groupLogging, "bytes", "log_size_limit").
		Doc("Size after which the log file is rotated; 0 is never."),
		func(l *Logging) *int64 { return &l.SizeLimit }),
	option.Into(option.Number("log_max_num").Alias("logfile_max_num").
		Refused("LogMaxFiles").Feature(FeatureLogRotation).
		Doc("Log files to keep, the current one included; 0 keeps all."),
		func(l *Logging) *int64 { return &l.MaxFiles }),
	option.Into(option.Switch("syslog").
		Reloaded("Reloaded: syslog = %v").Feature(FeatureSyslog).
		Flag(groupLogging, "", "s", "syslog").
		Doc("Log to the local syslog."),
		func(l *Logging) *bool { return &l.Syslog }),
	option.Into(option.Text("remote_syslog").
		Reloaded("Reloaded: remote_syslog = %v").Feature(FeatureSyslog).
		Flag(groupLogging, "address", "r", "remote_syslog").
		Doc("Log to a remote syslog: udp://host:port, tcp://host:port or unix:///path."),
		func(l *Logging) *string { return &l.RemoteSyslog }),
	option.Into(option.Number("max_traced_msg_len").Unit("bytes").
		Reloaded("Reloaded: max_traced_msg_len = %v").
		Flag(groupLogging, "bytes", "max_traced_msg_len").
		Doc("Bytes of a payload that a trace shows; 0 is all."),
		func(l *Logging) *int64 { return &l.MaxTracedMessage }),
)

// settle switches tracing on where a special form of it asks for it.
func (l *Logging) settle() {
	l.Trace = l.Trace || l.TraceVerbose || l.TraceHeaders
}

// Files are what the server writes about itself.
type Files struct {
	PID string
	// PortsDir is where the file with the open ports goes.
	PortsDir string
}

var fileRows = option.Within(func(o *Options) *Files { return &o.Files },
	option.Into(option.Text("pid_file").Alias("pidfile").
		Reloaded("Reloaded: pid_file = %v").Feature(FeaturePIDFile).
		Flag(groupServer, "file", "P", "pid").
		Doc("File that receives the process id."),
		func(f *Files) *string { return &f.PID }),
	option.Into(option.Text("ports_file_dir").
		Reloaded("Reloaded: ports_file_dir = %v").Feature(FeaturePortsFile).
		Flag(groupServer, "dir", "ports_file_dir").
		Doc("Directory of the file that lists the open ports."),
		func(f *Files) *string { return &f.PortsDir }),
)
