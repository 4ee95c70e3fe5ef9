package badge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance/authtest"
)

func badges(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "badges.txt")
	if err := os.WriteFile(path, []byte("carol 1234-5678\ndave 8765-4321\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConformance(t *testing.T) {
	authtest.Run(t, authtest.Suite{
		Driver:   Driver{},
		Settings: fmt.Sprintf(`{"file": %q}`, badges(t)),
		Invalid: map[string]string{
			"no file":      `{}`,
			"missing file": `{"file": "/does/not/exist"}`,
		},
		Cases: []authtest.Case{
			{
				Name: "listed", Attempt: auth.Attempt{User: "carol", Password: "1234-5678"}, Outcome: auth.Accept,
				Identity: &auth.Identity{
					User: "carol", Key: "carol", Account: "BADGE",
					Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"door.>"}}},
				},
			},
			{Name: "somebody else's number", Attempt: auth.Attempt{User: "carol", Password: "8765-4321"}, Outcome: auth.Reject},
			{Name: "not listed", Attempt: auth.Attempt{User: "mallory", Password: "1234-5678"}, Outcome: auth.NotMine},
			{Name: "nothing shown", Outcome: auth.NotMine},
		},
	})
}

// A file that is gone is an error, never "not mine": the next authenticator must
// not be asked because of it.
func TestFileIsGone(t *testing.T) {
	path := badges(t)
	a, _ := authtest.Open(t, Driver{}, fmt.Sprintf(`{"file": %q}`, path))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Authenticate(context.Background(), &auth.Attempt{User: "carol", Password: "1234-5678"}); err == nil {
		t.Error("no error")
	}
}
