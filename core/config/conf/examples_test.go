package conf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

// The worked examples of docs/compatibility/02-config-cli-daemon.md lie in
// testdata/examples: a file and the JSON that it means.
func TestExamples(t *testing.T) {
	environment := files{
		"$EX_SUBS":   "3k",
		"$EX_HTTP":   "127.0.0.1:24051",
		"$EX_ROUTES": `["nats://127.0.0.1:24053", "nats://127.0.0.1:24054"]`,
	}
	t.Run("spec 02 #124", func(t *testing.T) {
		for _, example := range []struct{ name, digest string }{
			{"9.01", "sha256:e79599d77f7f65e4f1f87698768e00c1bb3dae36ecf97491a31ef91edb5f0635"},
			{"9.02", "sha256:dd485b916db46ea4cb69815c0781db838a104943cf8d62e357a65d354ed0d5f2"},
			{"9.03", "sha256:8ec981c358e6a05213905f2fc99ccc39328627d0ab43aab7bc160f88f877d916"},
			{"9.04", "sha256:610f90170243984ae2aff2bd76a11abfe78f72466fc42d7309984f5aee0dd089"},
			{"9.05", "sha256:88b1ca7665f80a8738fcb9dd7142445c3c6fda705dc57e177e78960ffb6bd12c"},
			{"9.06", "sha256:170d085008dbcc20bf85a4c42f39aeb100dbaa2b0a3ff13fd2ff9bae69f5e792"},
			{"9.07", "sha256:557505c147d9ab6b7dc89af953c4573dd348d95dd45d46378f8d7ccc03b5ec1b"},
			{"9.08", "sha256:ac2643b17c250a0f41b205cdca2cc7c4495d64bf6ed0d8472002f46a14e3c02f"},
			{"9.09", "sha256:037705510f9fa16da57bf11605d2a260ad2650255f62a36a257c195a10d08cc1"},
			{"9.10", "sha256:2fe2848e1ae6e0df0d7d09e952edf6ce7f204cf2edf26e119f6e0743a533ccc5"},
			{"9.11", "sha256:7ffd1df64aa5ebbf275e208d4e1dc906ecae673bb435c54496e7497616323e2a"},
			{"9.12", ""}, // not valid as a whole, so there is no digest to compare with
			{"9.13", "sha256:b267f1a4893d27c62becdc7b7fc58c88e51789220b7e63e1ecbfa83e4cb8f1c6"},
			{"9.14", ""},
		} {
			t.Run(example.name, func(t *testing.T) {
				root := parseExample(t, example.name, environment)
				checkJSON(t, root, example.name)
				if got := digest.Digest(root); example.digest != "" && got != example.digest {
					t.Errorf("digest: got %s, want %s", got, example.digest)
				}
			})
		}
	})

	t.Run("9.05 without its environment", func(t *testing.T) {
		delete(environment, "$EX_SUBS")
		_, err := ParseFile(examplePath("9.05.conf"), environment.env)
		want := "variable reference for 'EX_SUBS' on line 11 can not be found"
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("9.12 positions", func(t *testing.T) {
		checkPositions(t, parseExample(t, "9.12", nil), map[string]string{
			"port": "1:0", "srver_name": "2:1", "cluster.nmae": "5:3", "cluster.ping_interval": "6:3",
			"UNUSED": "8:1", "max_sub_tokens": "9:1",
		})
	})
	t.Run("9.14 positions", func(t *testing.T) {
		root := parseExample(t, "9.14", nil)
		checkPositions(t, root, map[string]string{"ping_interval": "2:1", "authorization.timeout": "3:39"})
		second := find(t, root, "cluster", "routes").Value.List[1]
		if got := second.Pos; got.Line != 4 || got.Column != 58 {
			t.Errorf("second route: got %s, want 4:58", got)
		}
	})
}

func examplePath(name string) string { return filepath.Join("testdata", "examples", name) }

func parseExample(t *testing.T, name string, environment files) *option.Value {
	t.Helper()
	root, err := ParseFile(examplePath(name+".conf"), environment.env)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// checkJSON compares a tree with the JSON file of an example.
func checkJSON(t *testing.T, root *option.Value, name string) {
	t.Helper()
	text, err := os.ReadFile(examplePath(name + ".json"))
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(digest.JSON(root), &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", digest.JSON(root), text)
	}
}
