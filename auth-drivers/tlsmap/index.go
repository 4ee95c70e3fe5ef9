package tlsmap

import (
	"slices"

	"github.com/trellismq/trellis/auth-drivers/internal/roster"
	"github.com/trellismq/trellis/sdk/auth"
)

// index finds users by the names of a certificate. Where several users answer to
// one name, they stand in the order of the settings.
type index struct {
	exact     map[string][]*roster.User
	ordered   map[string][]*roster.User // by distinguished name
	unordered map[string][]*roster.User // by distinguished name in any order
}

func newIndex(users []*roster.User) *index {
	x := &index{
		exact:     make(map[string][]*roster.User),
		ordered:   make(map[string][]*roster.User),
		unordered: make(map[string][]*roster.User),
	}
	for _, user := range users {
		x.exact[user.Name] = append(x.exact[user.Name], user)
		if n, err := parseName(user.Name); err == nil { // most users are no distinguished names
			x.ordered[n.ordered()] = append(x.ordered[n.ordered()], user)
			x.unordered[n.unordered()] = append(x.unordered[n.unordered()], user)
		}
	}
	return x
}

// find returns the first user that a name of the certificate selects and that
// may use the connection type, or nil.
func (x *index) find(names certificateNames, t auth.ConnectionType) *roster.User {
	allowed := func(u *roster.User) bool { return u.Terms.Restrictions.AllowsType(t) }
	first := func(users []*roster.User) *roster.User {
		if i := slices.IndexFunc(users, allowed); i >= 0 {
			return users[i]
		}
		return nil
	}
	for _, text := range names.exact {
		if user := first(x.exact[text]); user != nil {
			return user
		}
	}
	if names.subject != nil {
		if user := first(x.ordered[names.subject.ordered()]); user != nil {
			return user
		}
		if user := first(x.unordered[names.subject.unordered()]); user != nil {
			return user
		}
	}
	for _, text := range names.afterwards {
		if user := first(x.exact[text]); user != nil {
			return user
		}
	}
	return nil
}
