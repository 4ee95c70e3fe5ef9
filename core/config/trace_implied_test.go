package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/trellismq/trellis/core/config"
)

// Asking for a kind of trace is asking for a trace.
func TestKindsOfTraceImplyTrace(t *testing.T) {
	for text, want := range map[string]bool{
		"trace_verbose: true": true, "trace_headers: true": true, "trace_headers: false": false, "debug: true": false,
	} {
		path := filepath.Join(t.TempDir(), "t.conf")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		o, report, err := config.Load(path, os.LookupEnv)
		if err != nil || len(report.Errors) > 0 {
			t.Fatal(text, err, report)
		}
		if o.Logging.Trace != want {
			t.Errorf("%s: trace %v", text, o.Logging.Trace)
		}
	}
}
