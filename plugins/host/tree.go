package host

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// tree builds settings as if they had been written where the block is that they
// come from, so that complaints point there.
type tree struct{ pos option.Position }

func (t tree) text(s string) *option.Value {
	return &option.Value{Kind: option.String, Pos: t.pos, Text: s}
}

func (t tree) number(n int64) *option.Value {
	return &option.Value{Kind: option.Int, Pos: t.pos, Int: n}
}

func (t tree) truth(b bool) *option.Value {
	return &option.Value{Kind: option.Bool, Pos: t.pos, Bool: b}
}

func (t tree) list(items []*option.Value) *option.Value {
	return &option.Value{Kind: option.List, Pos: t.pos, List: items}
}

// texts is a list of strings.
func texts[T any](t tree, list []T, text func(T) string) *option.Value {
	var items []*option.Value
	for _, v := range list {
		items = append(items, t.text(text(v)))
	}
	return t.list(items)
}

func asText[T ~string](v T) string { return string(v) }

func (t tree) block(fields ...option.Field) *option.Value {
	return &option.Value{Kind: option.Map, Pos: t.pos, Fields: fields}
}

func (t tree) field(key string, v *option.Value) option.Field {
	return option.Field{Key: key, Pos: t.pos, Value: v}
}

// user is the entry of a configured user in the settings of the driver that
// serves its kind.
func (t tree) user(account string, u *config.User) *option.Value {
	fields := []option.Field{t.field("account", t.text(account))}
	if u.NKey != "" {
		fields = append(fields, t.field("nkey", t.text(u.NKey)))
	} else {
		fields = append(fields, t.field("user", t.text(u.Name)), t.field("password", t.text(u.Password)))
	}
	if u.Permissions != nil {
		fields = append(fields, t.field("permissions", t.permissions(u.Permissions)))
	}
	return t.block(append(fields, t.restrictions(&u.Restrictions)...)...)
}

// restrictions are the fields of a user's entry that narrow its use. What narrows
// nothing is left out.
func (t tree) restrictions(r *auth.Restrictions) []option.Field {
	var fields []option.Field
	if len(r.ConnectionTypes) > 0 {
		fields = append(fields, t.field("allowed_connection_types", texts(t, r.ConnectionTypes, asText)))
	}
	if len(r.Sources) > 0 {
		fields = append(fields, t.field("source_networks", texts(t, r.Sources, netip.Prefix.String)))
	}
	if len(r.Times) > 0 {
		var ranges []*option.Value
		for _, hours := range r.Times {
			ranges = append(ranges, t.block(t.field("start", t.text(hours.Start.String())), t.field("end", t.text(hours.End.String()))))
		}
		fields = append(fields, t.field("times", t.list(ranges)))
	}
	if r.Location != nil {
		fields = append(fields, t.field("times_location", t.text(r.Location.String())))
	}
	if r.ProxyRequired {
		fields = append(fields, t.field("proxy_required", t.truth(true)))
	}
	return fields
}

func (t tree) permissions(p *auth.Permissions) *option.Value {
	fields := []option.Field{
		t.field("publish", t.subjects(p.Publish)),
		t.field("subscribe", t.subjects(p.Subscribe)),
	}
	if r := p.Responses; r != nil {
		fields = append(fields, t.field("allow_responses", t.block(
			t.field("max", t.number(int64(r.Max))), t.field("expires", t.text(r.Expires.String())))))
	}
	return t.block(fields...)
}

func (t tree) subjects(s auth.Subjects) *option.Value {
	return t.block(t.field("allow", texts(t, s.Allow, asText)), t.field("deny", texts(t, s.Deny, asText)))
}

// sameTree reports whether two trees say the same, wherever they are written.
func sameTree(a, b *option.Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Text != b.Text || a.Bool != b.Bool || a.Int != b.Int || a.Float != b.Float || !a.Time.Equal(b.Time) {
		return false
	}
	return slices.EqualFunc(a.List, b.List, sameTree) &&
		slices.EqualFunc(a.Fields, b.Fields, func(f, g option.Field) bool {
			return strings.EqualFold(f.Key, g.Key) && sameTree(f.Value, g.Value)
		})
}
