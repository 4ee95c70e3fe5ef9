package spec10

import (
	"net"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestFirstStart(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 scenario 1", func(t *testing.T) {
		t.Run("start", startWithoutFile)
		t.Run("version and help", versionAndHelp)
		t.Run("by hand", protocolByHand)
		t.Run("client", clientSaysHello)
		t.Run("stop", stopAndStartAgain)
		t.Run("port in use", portInUse)
	})
}

// bare runs the program without a file on a free port of every interface.
func bare() server.Options { return server.Options{Listen: "none", Args: []string{"-p", "-1"}} }

// local returns where a server that listens on every interface can be reached.
func local(t *testing.T, s *server.Server) string {
	t.Helper()
	host, port, err := net.SplitHostPort(s.Addr())
	if err != nil || host != "0.0.0.0" {
		t.Fatalf("the program listens on %s (%v)", s.Addr(), err)
	}
	return net.JoinHostPort("127.0.0.1", port)
}

func startWithoutFile(t *testing.T) {
	s := server.Start(t, bare())
	lines := s.Log()
	form := regexp.MustCompile(`^\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[INF\] .+$`)
	for _, line := range lines {
		if !form.MatchString(line.Raw) {
			t.Errorf("the log has %q", line.Raw)
		}
	}
	if first := lines[0].Text; first != "Starting "+name {
		t.Errorf("the first line is %q", first)
	}
	if second := lines[1].Text; !strings.HasPrefix(second, "  Version:  ") {
		t.Errorf("the second line is %q", second)
	}
	if last := lines[len(lines)-1].Text; last != "Server is ready" {
		t.Errorf("the last line is %q", last)
	}
	if listening := lines[len(lines)-2].Text; !strings.HasPrefix(listening, "Listening for client connections on 0.0.0.0:") {
		t.Errorf("the last line but one is %q", listening)
	}
	s.Stop()
	if out := s.Stdout(); out != "" {
		t.Errorf("stdout has %q", out)
	}
}

// flags are those of the documented command lines.
var flags = strings.Fields(`a addr net p port n name server_name P pid m http_port ms https_port c config t sl signal client_advertise
ports_file_dir l log log_size_limit T logtime logtime_utc s syslog r remote_syslog D debug V trace VV DV DVV max_traced_msg_len js jetstream
sd store_dir user pass auth tls tlscert tlskey tlscacert tlsverify routes cluster cluster_listen cluster_name cluster_advertise no_advertise
connect_retries profile h help help_tls v version`)

func versionAndHelp(t *testing.T) {
	output := func(args ...string) string {
		s := server.Launch(t, server.Options{Listen: "none", Args: args})
		if code := s.Wait(); code != 0 || s.Stderr() != "" {
			t.Errorf("%v: exit code %d, stderr %q", args, code, s.Stderr())
		}
		return s.Stdout()
	}
	version := output("-v")
	if !regexp.MustCompile(`^` + name + `\b.*\d+\.\d+\.\d+.* v?2\.15\.2\b.*\n$`).MatchString(version) {
		t.Errorf("-v prints %q", version)
	}
	for _, form := range []string{"version", "--version", "-version"} {
		if got := output(form); got != version {
			t.Errorf("%s prints %q, -v %q", form, got, version)
		}
	}
	help := output("-h")
	for _, flag := range flags {
		if !regexp.MustCompile(`(?m)(^|[\s,])--?` + flag + `\b`).MatchString(help) {
			t.Errorf("-h does not tell of %s", flag)
		}
	}
	for _, form := range []string{"help", "--help"} {
		if got := output(form); got != help {
			t.Errorf("%s differs from -h", form)
		}
	}
	tls := output("--help_tls")
	for _, text := range []string{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "X25519"} {
		if !strings.Contains(tls, text) {
			t.Errorf("--help_tls does not tell of %s", text)
		}
	}
}

func protocolByHand(t *testing.T) {
	s := server.Start(t, bare())
	c := wire.Open(t, local(t, s))
	if info := c.Info(); info["version"] != "2.15.2" || info["headers"] != true || info["max_payload"] != 1048576.0 {
		t.Errorf("INFO is %v", info)
	}
	for _, step := range []struct{ typed, shown string }{
		{"PING\r\n", "PONG\r\n"},
		{"SUB foo.* 90\r\n", "+OK\r\n"},
		{"PUB foo.bar 5\r\nhello\r\n", "+OK\r\nMSG foo.bar 90 5\r\nhello\r\n"},
		{"UNSUB 90\r\n", "+OK\r\n"},
		{"PUB foo.bar 2\r\nhi\r\n", "+OK\r\n"},
		{"HELLO\r\n", "-ERR 'Unknown Protocol Operation'\r\n"},
	} {
		c.Send(step.typed)
		c.Expect(step.shown)
	}
	c.ExpectClosed()
}

func clientSaysHello(t *testing.T) {
	s := server.Start(t, bare())
	url := "nats://" + local(t, s)
	sub := natsgo.Subscribe(t, natsgo.Connect(t, url), "hello")
	publisher := natsgo.Connect(t, url)
	natsgo.Publish(t, publisher, "hello", "world")
	natsgo.Expect(t, sub, "hello", "world")
	natsgo.Publish(t, publisher, "hello", "end")
	natsgo.Expect(t, sub, "hello", "end")
}

func stopAndStartAgain(t *testing.T) {
	s := server.Start(t, bare())
	c := wire.Ready(t, local(t, s))
	s.Signal(os.Interrupt)
	if code := s.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	c.ExpectClosed()
	for _, text := range []string{`Trapped "interrupt" signal`, "Initiating Shutdown...", "Server Exiting.."} {
		s.WaitForAt("INF", text)
	}
	again := server.Start(t, server.Options{Listen: s.Addr()})
	wire.Ready(t, local(t, again))
}

func portInUse(t *testing.T) {
	s := server.Start(t, bare())
	second := server.Launch(t, server.Options{Listen: s.Addr()})
	if code := second.Wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	second.WaitForAt("FTL", "Error listening on port: "+s.Addr()+`, "listen tcp`)
	wire.Ready(t, local(t, s))
}
