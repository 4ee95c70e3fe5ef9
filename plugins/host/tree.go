package host

import (
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

func (t tree) texts(texts []string) *option.Value {
	var items []*option.Value
	for _, s := range texts {
		items = append(items, t.text(s))
	}
	return t.list(items)
}

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
	if len(u.ConnectionTypes) > 0 {
		var types []string
		for _, c := range u.ConnectionTypes {
			types = append(types, string(c))
		}
		fields = append(fields, t.field("allowed_connection_types", t.texts(types)))
	}
	fields = append(fields, t.places(&u.Restrictions)...)
	if u.ProxyRequired {
		fields = append(fields, t.field("proxy_required", t.truth(true)))
	}
	return t.block(fields...)
}

// places are the fields that say from where and when a credential may be used.
func (t tree) places(r *auth.Restrictions) []option.Field {
	var fields []option.Field
	if len(r.Sources) > 0 {
		var networks []string
		for _, network := range r.Sources {
			networks = append(networks, network.String())
		}
		fields = append(fields, t.field("source_networks", t.texts(networks)))
	}
	if len(r.Times) > 0 {
		var ranges []*option.Value
		for _, times := range r.Times {
			ranges = append(ranges, t.block(
				t.field("start", t.text(times.Start.String())), t.field("end", t.text(times.End.String()))))
		}
		fields = append(fields, t.field("times", t.list(ranges)))
	}
	if r.Location != nil {
		fields = append(fields, t.field("times_location", t.text(r.Location.String())))
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
	return t.block(t.field("allow", t.texts(s.Allow)), t.field("deny", t.texts(s.Deny)))
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
