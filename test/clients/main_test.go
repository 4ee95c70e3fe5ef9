package clients

import (
	"os"
	"testing"

	"github.com/trellismq/trellis/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

func start(t *testing.T, config string) *server.Server {
	t.Helper()
	return server.Start(t, server.Options{Config: config})
}
