package auth

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

func text(s string) *option.Value { return &option.Value{Kind: option.String, Text: s} }

func number(n int64) *option.Value { return &option.Value{Kind: option.Int, Int: n} }

func yes(b bool) *option.Value { return &option.Value{Kind: option.Bool, Bool: b} }

func list(items ...*option.Value) *option.Value {
	return &option.Value{Kind: option.List, List: items}
}

func block(fields ...option.Field) *option.Value {
	return &option.Value{Kind: option.Map, Fields: fields}
}

func field(key string, v *option.Value) option.Field { return option.Field{Key: key, Value: v} }

func read(v *option.Value) (Terms, []string) {
	var report option.Report
	s := option.NewTable(TermsRows()...).Read(option.NewNode("user", option.Position{}, v, &report))
	return TermsOf(s), report.Lines()
}

func TestTerms(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	got, complaints := read(block(
		field("account", text("A")),
		field("permissions", block(
			field("pub", list(text("a"), text("b.>"))),
			field("subscribe", block(field("allow", text("c.* workers")), field("deny", list(text("d"))))),
		)),
		field("clients", list(text("standard"), text("MQTT_WS"))),
		field("source_networks", text("10.1.2.3/8")),
		field("times", list(block(field("start", text("09:00:00")), field("end", text("17:30:00"))))),
		field("times_location", text("Europe/Berlin")),
		field("proxy_required", yes(true)),
	))
	if len(complaints) > 0 {
		t.Fatal(complaints)
	}
	want := Terms{
		Account: "A",
		Permissions: &Permissions{
			Publish:   Subjects{Allow: []string{"a", "b.>"}},
			Subscribe: Subjects{Allow: []string{"c.* workers"}, Deny: []string{"d"}},
		},
		Restrictions: Restrictions{
			ConnectionTypes: []ConnectionType{Standard, MQTTWS},
			Sources:         []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
			Times:           []TimeRange{timeRange(t, "09:00:00", "17:30:00")},
			Location:        berlin,
			ProxyRequired:   true,
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestTermsAbsent(t *testing.T) {
	got, complaints := read(block())
	if len(complaints) > 0 || !reflect.DeepEqual(got, Terms{}) {
		t.Errorf("got %+v %q", got, complaints)
	}
}

func TestResponses(t *testing.T) {
	nothing := []string{}
	for _, test := range []struct {
		name        string
		permissions *option.Value
		want        Permissions
	}{
		{
			"switched on", block(field("allow_responses", yes(true))),
			Permissions{Publish: Subjects{Allow: nothing}, Responses: &Responses{Max: 1, Expires: 2 * time.Minute}},
		},
		{
			"beside a deny list",
			block(field("publish", block(field("deny", text("a")))), field("allow_responses", yes(true))),
			Permissions{Publish: Subjects{Allow: nothing, Deny: []string{"a"}}, Responses: &Responses{Max: 1, Expires: 2 * time.Minute}},
		},
		{
			"beside an allow list",
			block(field("publish", text("a")), field("publish_allow_responses", block(field("max_msgs", number(5)), field("ttl", text("-1s"))))),
			Permissions{Publish: Subjects{Allow: []string{"a"}}, Responses: &Responses{Max: 5, Expires: -time.Second}},
		},
		{
			"zero is the default", block(field("allow_responses", block(field("max", number(0)), field("expires", text("0s"))))),
			Permissions{Publish: Subjects{Allow: nothing}, Responses: &Responses{Max: 1, Expires: 2 * time.Minute}},
		},
		{"switched off", block(field("allow_responses", yes(false))), Permissions{}},
		{"empty lists", block(field("publish", list()), field("subscribe", block(field("allow", list())))), Permissions{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, complaints := read(block(field("permissions", test.permissions)))
			if len(complaints) > 0 || !reflect.DeepEqual(*got.Permissions, test.want) {
				t.Errorf("got %+v, want %+v %q", got.Permissions, test.want, complaints)
			}
		})
	}
}

func TestTermsMistakes(t *testing.T) {
	permissions := func(fields ...option.Field) option.Field { return field("permissions", block(fields...)) }
	for _, test := range []struct {
		wrong option.Field
		says  string
	}{
		{permissions(field("publish", text("foo bar"))), `subject "foo bar" is not a valid subject`},
		{permissions(field("publish", text("a..b"))), `subject "a..b" is not a valid subject`},
		{permissions(field("subscribe", text("a >.b"))), `queue ">.b" is not a valid queue`},
		{permissions(field("publish", block(field("alow", text("a"))))), `Unknown field name "alow" parsing subject permissions, only 'allow' or 'deny' are permitted`},
		{permissions(field("foo", text("a"))), `Unknown field "foo" parsing permissions`},
		{permissions(field("allow_responses", block(field("expires", number(5))))), `error parsing expires, not a duration string`},
		{permissions(field("publish", number(5))), "Expected subject permissions to be a subject, or array of subjects, got int64"},
		{permissions(field("publish", list(number(5)))), "Subject in permissions array cannot be cast to string"},
		{field("permissions", text("a")), "Expected permissions to be a map/struct, got a"},
		{field("allowed_connection_types", list(text("standard"), text("foo"))), `invalid connection types ["FOO"]`},
		{field("source_networks", text("10.0.0.1")), `"10.0.0.1" is not a network in CIDR notation`},
		{field("times", text("now")), `wrong type for "times"`},
		{field("times", block(field("start", text("9:00")), field("end", text("10:00:00")))), `"9:00" is not a time of day`},
		{field("times", block(field("start", text("09:00:00")))), `missing option "end"`},
		{field("times_location", text("Mars/Olympus")), "Mars/Olympus"},
	} {
		t.Run(test.says, func(t *testing.T) {
			_, complaints := read(block(test.wrong))
			if len(complaints) != 1 || !strings.Contains(complaints[0], test.says) {
				t.Errorf("complaints: %q", complaints)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	var none *Permissions
	if err := none.Validate(); err != nil {
		t.Error(err)
	}
	valid := &Permissions{
		Publish:   Subjects{Allow: []string{">", "a.*.b", "*"}, Deny: []string{"a.>"}},
		Subscribe: Subjects{Allow: []string{"a q", "b  q.*"}},
	}
	if err := valid.Validate(); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{"", ".", "a.", ".a", "a..b", "a.>.b", ">.>", "a b c"} {
		for _, p := range []*Permissions{
			{Publish: Subjects{Allow: []string{wrong}}},
			{Publish: Subjects{Deny: []string{wrong}}},
			{Subscribe: Subjects{Allow: []string{wrong}}},
			{Subscribe: Subjects{Deny: []string{wrong}}},
		} {
			var fault *SubjectError
			if err := p.Validate(); !errors.As(err, &fault) || fault.Queue {
				t.Errorf("%+v: %v", p, err)
			}
		}
	}
	if err := ValidatePublish("a q"); err == nil {
		t.Error("a queue group in a publish permission is valid")
	}
	var fault *SubjectError
	if err := ValidateSubscribe("a q..r"); !errors.As(err, &fault) || !fault.Queue {
		t.Errorf("wrong queue group: %v", err)
	}
}

func TestAdmit(t *testing.T) {
	terms := Terms{
		Account: "A", Permissions: &Permissions{},
		Restrictions: Restrictions{Times: []TimeRange{timeRange(t, "09:00:00", "17:00:00")}, Location: time.UTC},
	}
	verdict := terms.Admit(&Attempt{}, at(t, "2026-01-05T12:00:00Z"), Identity{User: "u", Key: "k"})
	if verdict.Outcome != Accept || verdict.Identity.Account != "A" || verdict.Identity.Key != "k" ||
		verdict.Identity.Permissions != terms.Permissions || !verdict.Identity.Expires.Equal(at(t, "2026-01-05T17:00:00Z")) {
		t.Errorf("got %+v %+v", verdict, verdict.Identity)
	}
	verdict = terms.Admit(&Attempt{}, at(t, "2026-01-05T18:00:00Z"), Identity{User: "u", Key: "k"})
	if verdict.Outcome != Reject || verdict.Reason != OutsideHours || verdict.Identity != nil {
		t.Errorf("got %+v", verdict)
	}
}
