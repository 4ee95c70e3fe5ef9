package spec10

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// full is the whole sample; run is what a program without monitoring, routes and log files starts with.
var full = file{name: "full",
	conf: `# full.conf
port: 4242            # client port
net: localhost        # listen interface
http_port: 8222
authorization {
  user: derek
  password: @DEREK@
  timeout: 1
}
cluster {
  listen: localhost:4244
  authorization {
    user: route_user
    password: @ROUTE@
    timeout: 0.5
  }
  routes = [
    nats-route://user1:pass1@127.0.0.1:4245
    nats-route://user2:pass2@127.0.0.1:4246
  ]
}
` + limits + `
log_file: "./broker.log"
pid_file: "./broker.pid"
`, toml: `# full.toml
port = 4242
net = "localhost"
http_port = 8222
log_file = "./broker.log"
pid_file = "./broker.pid"
` + limitsTOML + `
[authorization]
user = "derek"
password = "@DEREK@"
timeout = 1
[cluster]
listen = "localhost:4244"
routes = ["nats-route://user1:pass1@127.0.0.1:4245", "nats-route://user2:pass2@127.0.0.1:4246"]
[cluster.authorization]
user = "route_user"
password = "@ROUTE@"
timeout = 0.5
`}

const limits = `
debug:   false
trace:   true
logtime: false
max_connections: 100
max_control_line: 512
max_payload: 65536
write_deadline: "2s"
`

const limitsTOML = `
debug = false
trace = true
logtime = false
max_connections = 100
max_control_line = 512
max_payload = 65536
write_deadline = "2s"
`

var run = file{name: "run",
	conf: "port: @PORT@\nnet: localhost\nauthorization {\n  user: derek\n  password: @DEREK@\n  timeout: 1\n}\n" + limits,
	toml: "port = @PORT@\nnet = \"localhost\"\n" + limitsTOML + "\n[authorization]\nuser = \"derek\"\npassword = \"@DEREK@\"\ntimeout = 1\n",
}

func TestCompleteSample(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 scenario 6", func(t *testing.T) {
		derek, route := hash(t, "T0pS3cr3t"), hash(t, "T0pS3cr3tT00!")
		full.with("@DEREK@", derek).with("@ROUTE@", route).in(t, func(t *testing.T, o server.Options) {
			s, _ := checked(t, o)
			if files, err := os.ReadDir(s.Path(".")); err != nil || len(files) != 1 {
				t.Errorf("the check left files: %v, %v", files, err)
			}
		})
		run.with("@DEREK@", derek).with("@PORT@", "-1").in(t, func(t *testing.T, o server.Options) {
			o.Listen = "none"
			s := server.Start(t, o)
			if host, _, _ := net.SplitHostPort(s.Addr()); host != "localhost" {
				t.Errorf("the program listens on %s", s.Addr())
			}
			natsgo.Flush(t, natsgo.Connect(t, s.URL("derek:T0pS3cr3t")))
			t.Run("limits", func(t *testing.T) { sampleLimits(t, s) })
			t.Run("log", func(t *testing.T) { sampleLog(t, s) })
		})
		run.with("@DEREK@", derek).with("@PORT@", "4242").in(t, func(t *testing.T, o server.Options) {
			o.Listen, o.Args = "none", []string{"-p", "-1", "-T"}
			s := server.Start(t, o)
			if _, port, _ := net.SplitHostPort(s.Addr()); port == "4242" {
				t.Error("the file won over the flag -p")
			}
			if first := s.Log()[0].Raw; !regexp.MustCompile(`^\[\d+\] \d{4}/\d\d/\d\d `).MatchString(first) {
				t.Errorf("with -T the log has %q", first)
			}
		})
	})
}

func sampleLimits(t *testing.T, s *server.Server) {
	// One of the hundred connections is the caller's.
	var conns []*wire.Conn
	for range 99 {
		conns = append(conns, admits(t, s, login("derek", "T0pS3cr3t")))
	}
	wire.Open(t, s.Addr()).ExpectFatal("maximum connections exceeded")
	s.WaitForAt("ERR", "maximum connections exceeded")
	for _, c := range conns {
		c.Sync()
	}
	long, large := conns[0], conns[1]
	if got := long.Info()["max_payload"]; got != 65536.0 {
		t.Errorf("max_payload is %v", got)
	}
	long.Send(fmt.Sprintf("SUB %s 1\r\n", strings.Repeat("x", 510)))
	long.Sync()
	long.Send(fmt.Sprintf("SUB %s 2\r\n", strings.Repeat("x", 511)))
	long.ExpectFatal("maximum control line exceeded")
	large.Send(wire.Pub("a", strings.Repeat("x", 65536)))
	large.Sync()
	large.Send("PUB a 65537\r\n")
	large.ExpectFatal("Maximum Payload Violation")
	s.WaitForAt("ERR", "maximum payload exceeded: 65537 vs 65536")
}

func sampleLog(t *testing.T, s *server.Server) {
	s.WaitFor("<<- [CONNECT ")
	form := regexp.MustCompile(fmt.Sprintf(`^\[%d\] \[[A-Z]{3}\] `, s.PID()))
	for _, line := range s.Log() {
		if !form.MatchString(line.Raw) || line.Level == "DBG" {
			t.Errorf("the log has %q", line.Raw)
		}
	}
	hides(t, s, "T0pS3cr3t")
}
