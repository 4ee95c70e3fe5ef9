package spec10

import (
	"regexp"
	"testing"

	"github.com/trellismq/trellis/test/server"
)

// TestForms compares what the program understands of the two forms of each file: the digest is made
// of the tree of options, so it tells a difference in any of them.
func TestForms(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 #4", func(t *testing.T) {
		secret := hash(t, "secret")
		for _, f := range []file{single, users, hashedToken, perms, full, run} {
			f = f.with("@HASH@", secret).with("@DEREK@", secret).with("@ROUTE@", secret).with("@PORT@", "4222")
			var digests []string
			f.in(t, func(t *testing.T, o server.Options) {
				o.Env = []string{"EVE_PASS=s3cr3t"}
				_, digest := checked(t, o)
				digests = append(digests, digest)
			})
			if len(digests) != 2 || digests[0] != digests[1] {
				t.Errorf("the forms of %s have the digests %q", f.name, digests)
			}
		}
	})
}

// checked runs -t on the file, expects it to be valid, and returns its digest.
func checked(t *testing.T, o server.Options) (*server.Server, string) {
	t.Helper()
	o.Listen, o.Args = "none", []string{"-t"}
	s := server.Launch(t, o)
	code := s.Wait()
	form := regexp.MustCompile(`^` + name + `: configuration file ` + regexp.QuoteMeta(o.File) + ` is valid \((sha256:[0-9a-f]{64})\)\n$`)
	found := form.FindStringSubmatch(s.Stderr())
	if code != 0 || s.Stdout() != "" || found == nil {
		t.Fatalf("exit code %d, stdout %q, stderr %q", code, s.Stdout(), s.Stderr())
	}
	return s, found[1]
}
