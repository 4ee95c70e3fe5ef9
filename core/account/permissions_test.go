package account

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

func compiled(t testing.TB, p auth.Permissions) *Permissions {
	t.Helper()
	c, err := Compile(&p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompileRefuses(t *testing.T) {
	tests := []struct {
		name        string
		permissions auth.Permissions
		want        string
	}{
		{"publish allow", auth.Permissions{Publish: auth.Subjects{Allow: []string{"ok", "foo bar"}}}, `subject "foo bar" is not a valid subject`},
		{"publish deny", auth.Permissions{Publish: auth.Subjects{Deny: []string{"a..b"}}}, `subject "a..b" is not a valid subject`},
		{"subscribe allow", auth.Permissions{Subscribe: auth.Subjects{Allow: []string{">.a"}}}, `subject ">.a" is not a valid subject`},
		{"subscribe deny", auth.Permissions{Subscribe: auth.Subjects{Deny: []string{"foo q..x"}}}, `queue "q..x" is not a valid queue`},
		{"empty entry", auth.Permissions{Subscribe: auth.Subjects{Allow: []string{""}}}, `subject "" is not a valid subject`},
		{"three parts", auth.Permissions{Subscribe: auth.Subjects{Allow: []string{"a b c"}}}, `subject "a b c" is not a valid subject`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Compile(&tt.permissions)
			var wrong *auth.SubjectError
			if c != nil || !errors.As(err, &wrong) || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestNoPermissionsPermitEverything(t *testing.T) {
	none, err := Compile(nil)
	if none != nil || err != nil {
		t.Fatalf("Compile(nil) = %v, %v", none, err)
	}
	for name, p := range map[string]*Permissions{"nil": nil, "empty": compiled(t, auth.Permissions{})} {
		if !p.CanPublish([]byte("a..b")) || !p.CanSubscribe(">", "q") || !p.CanSubscribe("a", "") ||
			p.NeedsDeliveryFilter(">", "q") || p.DeliveryDenied([]byte("a"), "q") || p.Responses() != nil {
			t.Errorf("%s permissions restrict something", name)
		}
	}
}

func TestCanPublish(t *testing.T) {
	responses := &auth.Responses{}
	tests := []struct {
		name   string
		lists  auth.Subjects
		resp   *auth.Responses
		yes    []string
		refuse []string
	}{
		{
			name: "allow", lists: auth.Subjects{Allow: []string{"foo", "a.*", "b.>"}},
			yes:    []string{"foo", "a.x", "b.x", "b.x.y", "a.*", "a.>", "b.*"},
			refuse: []string{"bar", "a", "a.x.y", "b", "foo.x", "b..x", "*", ">", ""},
		},
		{
			name: "deny", lists: auth.Subjects{Deny: []string{"foo", "a.*"}},
			yes:    []string{"bar", "a", "a.x.y", "a..x", ""},
			refuse: []string{"foo", "a.x", "a.*"},
		},
		{
			name: "deny wins", lists: auth.Subjects{Allow: []string{"a.>", "x"}, Deny: []string{"a.secret.>", "x"}},
			yes:    []string{"a.b", "a.secret"},
			refuse: []string{"a.secret.b", "x", "b"},
		},
		{name: "empty allow list", lists: auth.Subjects{Allow: []string{}}, refuse: []string{"a", "b.c"}},
		{name: "responses only", resp: responses, refuse: []string{"a", "b.c"}},
		{name: "responses and deny", resp: responses, lists: auth.Subjects{Deny: []string{"x"}}, refuse: []string{"a", "x"}},
		{name: "responses and allow", resp: responses, lists: auth.Subjects{Allow: []string{"a"}}, yes: []string{"a"}, refuse: []string{"b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := compiled(t, auth.Permissions{Publish: tt.lists, Responses: tt.resp})
			for _, s := range tt.yes {
				if !p.CanPublish([]byte(s)) {
					t.Errorf("%q is refused", s)
				}
			}
			for _, s := range tt.refuse {
				if p.CanPublish([]byte(s)) {
					t.Errorf("%q is allowed", s)
				}
			}
		})
	}
}

// sub is a subscription, "subject" or "subject queue" in the tables.
type sub struct{ subject, queue string }

func TestCanSubscribe(t *testing.T) {
	tests := []struct {
		name   string
		lists  auth.Subjects
		yes    []sub
		refuse []sub
	}{
		{
			name: "plain entry", lists: auth.Subjects{Allow: []string{"foo"}},
			yes:    []sub{{"foo", ""}, {"foo", "v1"}, {"foo", "v2"}},
			refuse: []sub{{"bar", ""}, {"*", ""}, {">", "v1"}, {"foo.bar", ""}},
		},
		{
			name: "queue entry", lists: auth.Subjects{Allow: []string{"foo v1"}},
			yes:    []sub{{"foo", "v1"}},
			refuse: []sub{{"foo", ""}, {"foo", "v2"}, {"bar", "v1"}},
		},
		{
			name: "plain and queue entry", lists: auth.Subjects{Allow: []string{"foo", "foo v1"}},
			yes:    []sub{{"foo", ""}, {"foo", "v1"}},
			refuse: []sub{{"foo", "v2"}},
		},
		{
			name: "queue entry on another subject", lists: auth.Subjects{Allow: []string{">", "foo.* v1"}},
			yes:    []sub{{"foo.a", ""}, {"foo.a", "v1"}, {"bar", "v2"}, {"foo.>", "v2"}},
			refuse: []sub{{"foo.a", "v2"}, {"foo.*", "v2"}},
		},
		{
			name: "queue patterns", lists: auth.Subjects{Allow: []string{"q2", "q2 v1.*", "q2 v2.>"}, Deny: []string{"q2 bad", "q2 v1.no"}},
			yes:    []sub{{"q2", ""}, {"q2", "v1.x"}, {"q2", "v2.x.y"}},
			refuse: []sub{{"q2", "zz"}, {"q2", "bad"}, {"q2", "v1.no"}, {"q2", "v1"}},
		},
		{
			name: "wildcards are subsets", lists: auth.Subjects{Allow: []string{"foo.*", "bar.>"}},
			yes:    []sub{{"foo.a", ""}, {"foo.*", ""}, {"bar.*", ""}, {"bar.>", ""}, {"bar.*.a", ""}},
			refuse: []sub{{"foo.>", ""}, {">", ""}, {"*.a", ""}, {"bar", ""}, {"foo", ""}},
		},
		{
			name: "a malformed subject is within nothing", lists: auth.Subjects{Allow: []string{">", "a.*.b"}},
			refuse: []sub{{"a..b", ""}, {"", ""}, {"a.", "q"}},
		},
		{
			name: "deny wins", lists: auth.Subjects{Allow: []string{"foo.>"}, Deny: []string{"foo.secret.>"}},
			yes:    []sub{{"foo.>", ""}, {"foo.*", ""}, {"foo.secret", ""}, {"foo.*.a", ""}},
			refuse: []sub{{"foo.secret.a", ""}, {"foo.secret.*", ""}, {"foo.secret.>", ""}, {"foo.secret.a", "q"}},
		},
		{
			name: "deny for a queue", lists: auth.Subjects{Deny: []string{"x.no", "y.> dq"}},
			yes:    []sub{{"x.*", ""}, {"y.>", ""}, {"y.a", ""}, {"y.a", "ok"}, {"y.>", "ok"}, {"*.a", "dq"}},
			refuse: []sub{{"x.no", ""}, {"x.no", "q"}, {"y.a", "dq"}, {"y.*", "dq"}, {"y.>", "dq"}},
		},
		{name: "deny wider than the deny entry", lists: auth.Subjects{Deny: []string{"foo.*"}}, yes: []sub{{"foo.>", ""}, {">", ""}}, refuse: []sub{{"foo.*", ""}}},
		{name: "empty allow list", lists: auth.Subjects{Allow: []string{}}, refuse: []sub{{"a", ""}, {"a", "q"}, {">", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := compiled(t, auth.Permissions{Subscribe: tt.lists})
			for _, s := range tt.yes {
				if !p.CanSubscribe(s.subject, s.queue) {
					t.Errorf("%q is refused", s)
				}
			}
			for _, s := range tt.refuse {
				if p.CanSubscribe(s.subject, s.queue) {
					t.Errorf("%q is allowed", s)
				}
			}
		})
	}
}

func TestDelivery(t *testing.T) {
	p := compiled(t, auth.Permissions{Subscribe: auth.Subjects{Deny: []string{"x.no", "y.> dq", "z.a v.*"}}})
	filters := []struct {
		sub
		want bool
	}{
		{sub{"x.*", ""}, true},
		{sub{"x.*", "q"}, true},
		{sub{">", ""}, true},
		{sub{"x.yes", ""}, false},
		{sub{"w.*", ""}, false},
		{sub{"y.>", ""}, false},
		{sub{"y.>", "ok"}, false},
		{sub{"*.a", "dq"}, true},
		{sub{"*.a", "v.1"}, true},
		{sub{"z.*", "w"}, false},
		{sub{"z.a", ""}, false},
	}
	for _, tt := range filters {
		if got := p.NeedsDeliveryFilter(tt.subject, tt.queue); got != tt.want {
			t.Errorf("NeedsDeliveryFilter(%q, %q) = %v", tt.subject, tt.queue, got)
		}
	}
	deliveries := []struct {
		sub
		want bool
	}{
		{sub{"x.no", ""}, true},
		{sub{"x.no", "q"}, true},
		{sub{"x.yes", ""}, false},
		{sub{"y.a", "dq"}, true},
		{sub{"y.a", "ok"}, false},
		{sub{"y.a", ""}, false},
		{sub{"z.a", "v.1"}, true},
		{sub{"z.b", "v.1"}, false},
	}
	for _, tt := range deliveries {
		if got := p.DeliveryDenied([]byte(tt.subject), tt.queue); got != tt.want {
			t.Errorf("DeliveryDenied(%q, %q) = %v", tt.subject, tt.queue, got)
		}
	}
}

func TestResponses(t *testing.T) {
	tests := []struct{ given, want auth.Responses }{
		{auth.Responses{}, auth.Responses{Max: 1, Expires: 2 * time.Minute}},
		{auth.Responses{Max: 5, Expires: time.Second}, auth.Responses{Max: 5, Expires: time.Second}},
		{auth.Responses{Max: -1, Expires: -1}, auth.Responses{Max: -1, Expires: -1}},
	}
	for _, tt := range tests {
		if got := compiled(t, auth.Permissions{Responses: &tt.given}).Responses(); *got != tt.want {
			t.Errorf("got %+v, want %+v", *got, tt.want)
		}
	}
}

// manyEntries is permissions with a thousand allowed subjects, half of them
// wildcards.
func manyEntries() auth.Permissions {
	var lists auth.Subjects
	for i := range 1000 {
		entry := fmt.Sprintf("tenant.%d.in", i)
		if i%2 == 0 {
			entry = fmt.Sprintf("tenant.%d.>", i)
		}
		lists.Allow = append(lists.Allow, entry)
		lists.Deny = append(lists.Deny, fmt.Sprintf("*.%d.secret", i))
	}
	return auth.Permissions{Publish: lists, Subscribe: lists}
}

func TestManyEntries(t *testing.T) {
	p := compiled(t, manyEntries())
	subject := []byte("tenant.500.a.b")
	for i := range 1000 {
		in, secret := fmt.Sprintf("tenant.%d.in", i), fmt.Sprintf("tenant.%d.secret", i)
		if !p.CanPublish([]byte(in)) || !p.CanSubscribe(in, "q") {
			t.Errorf("%q is refused", in)
		}
		if p.CanPublish([]byte(secret)) || p.CanSubscribe(secret, "") || !p.DeliveryDenied([]byte(secret), "") {
			t.Errorf("%q is allowed", secret)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		p.CanPublish(subject)
		p.DeliveryDenied(subject, "q")
		p.CanSubscribe("tenant.500.*", "q")
		p.NeedsDeliveryFilter("tenant.500.>", "q")
	}); n != 0 {
		t.Errorf("the questions allocate %v times", n)
	}
}

func BenchmarkCanPublish(b *testing.B) {
	few := auth.Permissions{Publish: auth.Subjects{Allow: []string{"orders.>", "_INBOX.>", "events.*"}, Deny: []string{"orders.secret.>"}}}
	for _, bb := range []struct {
		name        string
		permissions auth.Permissions
		subject     string
	}{{"few", few, "orders.eu.4711"}, {"1000", manyEntries(), "tenant.500.a.b"}} {
		b.Run(bb.name, func(b *testing.B) {
			p, subject := compiled(b, bb.permissions), []byte(bb.subject)
			b.ReportAllocs()
			for b.Loop() {
				if !p.CanPublish(subject) {
					b.Fatal("refused")
				}
			}
		})
	}
}

func BenchmarkCompile1000(b *testing.B) {
	p := manyEntries()
	b.ReportAllocs()
	for b.Loop() {
		compiled(b, p)
	}
}
