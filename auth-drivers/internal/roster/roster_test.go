package roster

import (
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance"
	"github.com/trellismq/trellis/sdk/option"
)

var table = option.NewTable(Option)

func TestRead(t *testing.T) {
	s, err := conformance.Settings(t, table, `{"users": [
		{"username": "b", "pass": "b-secret", "account": "B"}, {"user": "a"}
	]}`)
	if err != nil {
		t.Fatal(err)
	}
	users := Read(s)
	if len(users) != 2 || users[0].Name != "b" || users[0].Terms.Account != "B" || !users[0].Password.Matches("b-secret") ||
		users[1].Name != "a" || !users[1].Password.Empty() {
		t.Errorf("read %+v", users)
	}
}

func TestMistakes(t *testing.T) {
	for settings, says := range map[string]string{
		`{}`:                        `missing option "users"`,
		`{"users": [{"user": ""}]}`: "User entry requires a user",
		`{"users": [{"user": "a"}, {"user": "a"}]}`: `Duplicate user "a" detected`,
	} {
		if _, err := conformance.Settings(t, table, settings); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

// A restriction is the reason that is told, whether the password is right or not.
func TestAdmit(t *testing.T) {
	u := &User{Name: "a", Terms: auth.Terms{Restrictions: auth.Restrictions{ConnectionTypes: []auth.ConnectionType{auth.MQTT}}}}
	for _, test := range []struct {
		by      auth.ConnectionType
		right   bool
		outcome auth.Outcome
		reason  auth.Reason
	}{
		{auth.MQTT, true, auth.Accept, 0},
		{auth.MQTT, false, auth.Reject, auth.BadCredentials},
		{auth.Standard, true, auth.Reject, auth.ConnectionTypeNotAllowed},
		{auth.Standard, false, auth.Reject, auth.ConnectionTypeNotAllowed},
	} {
		verdict := u.Admit(&auth.Attempt{Type: test.by}, time.Now(), test.right)
		if verdict.Outcome != test.outcome || verdict.Reason != test.reason || (verdict.Identity != nil) != (test.outcome == auth.Accept) {
			t.Errorf("%+v: %+v", test, verdict)
		}
	}
}
