package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// exampleEnv is the environment that the worked examples of part 02 were run in.
func exampleEnv(name string) (string, bool) {
	value, found := map[string]string{
		"EX_SUBS":   "3k",
		"EX_HTTP":   "127.0.0.1:24051",
		"EX_ROUTES": `["nats://127.0.0.1:24053", "nats://127.0.0.1:24054"]`,
	}[name]
	return value, found
}

// TestExamples checks the worked examples of part 02: which of them a syntax
// check accepts, and the values that they are said to have.
func TestExamples(t *testing.T) {
	dir, err := filepath.Abs(filepath.Join("conf", "testdata", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.conf"))
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	// 9.10 names a certificate relative to the working directory.
	writeCertificate(t)
	if err := os.Mkdir("certs", 0o755); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"cert.pem": "certs/srv.pem", "key.pem": "certs/srv.key"} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	complaints := map[string]int{"9.12": 6, "9.14": 3}
	loaded := make(map[string]*Options)
	t.Run("spec 02 #124", func(t *testing.T) {
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".conf")
			o, report, err := Load(file, exampleEnv)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got := len(report.Lines()); got != complaints[name] {
				t.Errorf("%s: %d complaints instead of %d:\n%s", name, got, complaints[name], report)
			}
			loaded[name] = o
		}
	})
	t.Run("effective values", func(t *testing.T) {
		o := loaded["9.03"]
		if l := o.Limits; l.MaxPayload != 64000 || l.MaxPending != 65536 || l.MaxControlLine != 4096 ||
			l.PingInterval != 90*time.Second || l.WriteDeadline != 2*time.Minute || o.AuthTimeout() != 1500*time.Millisecond {
			t.Errorf("9.03: %+v", l)
		}
		app := loaded["9.08"].Account("APP")
		if app == nil || len(app.Users) != 2 || len(app.Exports) != 2 || app.Limits.MaxPayload != 8192 || app.Trace.Sampling != 25 ||
			app.JetStream.MaxStore != 1<<30 || app.Exports[0].Response != ResponseStream {
			t.Errorf("9.08: %+v", app)
		}
		if r := loaded["9.09"].LeafNodes.Remotes; len(r) != 1 || !r[0].Hub || r[0].FirstInfoTimeout != 2*time.Second {
			t.Errorf("9.09: %v", r)
		}
		if j := loaded["9.10"].JetStream; j.MaxFile != 2<<30 || !j.Sync.Always || j.Domain != "hub" || j.Limits.DuplicateWindow != 5*time.Minute+time.Second {
			t.Errorf("9.10: %+v", j)
		}
		if o := loaded["9.11"]; o.Limits.MaxConnections != 0 || strings.Join(o.Identity.Tags, " ") != "region:eu az:1" || o.Monitoring.BasePath != "/nats/" {
			t.Errorf("9.11: %+v", o.Identity)
		}
	})
}
