package conformance

import (
	"slices"
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

var (
	user  = option.NewTable(option.Text("name"), option.Text("password").Alias("pass").Secret())
	table = option.NewTable(option.Text("token").Secret(), option.Blocks("users", user), option.Block("owner", user), option.Number("n"), option.Switch("on"))
)

func TestSecrets(t *testing.T) {
	value := Value(t, `{
		"token": "first-secret", "n": 12345678, "on": true, "other": "unknown-field",
		"users": [{"name": "innocent-name", "pass": "second-secret"}, {"password": "short"}],
		"OWNER": {"password": "third-secret"}
	}`)
	got := Secrets(table, value)
	if want := []string{"first-secret", "second-secret", "third-secret"}; !slices.Equal(got, want) {
		t.Errorf("secrets %q, want %q", got, want)
	}
	leaks := Leaks(got, "nothing", "wrong password second-secret for carol")
	if want := []string{"wrong password [REDACTED] for carol"}; !slices.Equal(leaks, want) {
		t.Errorf("leaks %q, want %q", leaks, want)
	}
}

func TestSettings(t *testing.T) {
	s, err := Settings(t, table, `{"n": 7, "on": true, "users": [{"name": "b"}, {"name": "a"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if users := s.Blocks("users"); s.Int("n") != 7 || !s.Bool("on") || len(users) != 2 || users[0].String("name") != "b" {
		t.Errorf("read %v", s)
	}
	if _, err := Settings(t, table, `{"n": 7.5}`); err == nil {
		t.Error("a fraction is a number of the table")
	}
}
