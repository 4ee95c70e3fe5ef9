package spec01

import (
	"testing"

	"github.com/trellismq/trellis/test/wire"
)

func TestShutdown(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #117", func(t *testing.T) {
		t.Parallel()
		s := start(t, "")
		conns := []*wire.Conn{wire.Open(t, s.Addr()), wire.Ready(t, s.Addr()), watch(t, s, "a", "b")}
		if code := s.Stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		for _, c := range conns {
			c.ExpectClosed()
		}
	})
}
