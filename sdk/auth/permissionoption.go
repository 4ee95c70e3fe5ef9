package auth

import (
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// The permission to answer that "allow_responses: true" gives.
const (
	DefaultMaxResponses    = 1
	DefaultResponseExpires = 2 * time.Minute
)

// PermissionsOption is an option that holds a block of permissions in the
// grammar of the NATS configuration language.
func PermissionsOption(name string) *option.Of[*Permissions] {
	return option.Custom(name, option.TypeBlock, func(n *option.Node) *Permissions {
		if n.Kind() != option.Map {
			n.Errorf("Expected permissions to be a map/struct, got %v", n)
			return nil
		}
		s := permissionsTable.Read(n)
		p := &Permissions{
			Publish:   publishOption.Get(s),
			Subscribe: subscribeOption.Get(s),
			Responses: responsesOption.Get(s),
		}
		if p.Responses != nil && p.Publish.Allow == nil {
			// Being allowed to answer takes the place of being allowed anything.
			p.Publish.Allow = []string{}
		}
		return p
	}).Fields(permissionsTable)
}

var (
	publishOption = subjectsOption("publish", ValidatePublish).Alias("pub", "import").
			Doc("Subjects that may be published: allowed ones, or a block with allow and deny.")
	subscribeOption = subjectsOption("subscribe", ValidateSubscribe).Alias("sub", "export").
			Doc("Subjects that may be subscribed, each optionally followed by a queue group.")
	responsesOption = option.Custom("allow_responses", "boolean or block", readResponses).
			Alias("publish_allow_responses").Fields(responsesTable).
			Doc("Allows answers to the requests that were delivered to the connection.")
	permissionsTable = option.NewTable(publishOption, subscribeOption, responsesOption).
				Unknown(`Unknown field "{key}" parsing permissions`)
)

// subjectsOption is one side of permissions. A plain list allows; an empty list
// is as good as none, because only allow_responses can forbid everything.
func subjectsOption(name string, valid func(entry string) error) *option.Of[Subjects] {
	list := func(n *option.Node) (subjects []string) {
		if k := n.Kind(); k != option.String && k != option.List {
			n.Errorf("Expected subject permissions to be a subject, or array of subjects, got %s", n.TypeName())
			return nil
		}
		for _, entry := range oneOrMany(n) {
			if entry.Kind() != option.String {
				entry.Errorf("Subject in permissions array cannot be cast to string")
				continue
			}
			if err := valid(entry.Value.Text); err != nil {
				entry.Errorf("%v", err)
			}
			subjects = append(subjects, entry.Value.Text)
		}
		return subjects
	}
	allow := option.Custom("allow", option.TypeTextOrList, list).Doc("Subjects that are allowed.")
	deny := option.Custom("deny", option.TypeTextOrList, list).Doc("Subjects that are not allowed, even if allow holds them.")
	table := option.NewTable(allow, deny).
		Unknown(`Unknown field name "{key}" parsing subject permissions, only 'allow' or 'deny' are permitted`)
	return option.Custom(name, "subjects", func(n *option.Node) Subjects {
		if n.Kind() != option.Map {
			return Subjects{Allow: list(n)}
		}
		s := table.Read(n)
		return Subjects{Allow: allow.Get(s), Deny: deny.Get(s)}
	}).Fields(table)
}

var (
	maxOption = option.Number("max").Alias("max_msgs", "max_messages", "max_responses").
			Fallback(DefaultMaxResponses).Doc("Answers per request; negative for any number.")
	expiresOption = option.Duration("expires").Alias("expiration", "ttl").
			Fallback(DefaultResponseExpires).Otherwise("error parsing expires, not a duration string").
			Doc("How long a request can be answered; negative for ever.")
	responsesTable = option.NewTable(maxOption, expiresOption).
			Unknown(`Unknown field "{key}" parsing permissions`)
)

func readResponses(n *option.Node) *Responses {
	switch n.Kind() {
	case option.Bool:
		if !n.Value.Bool {
			return nil
		}
		return &Responses{Max: DefaultMaxResponses, Expires: DefaultResponseExpires}
	case option.Map:
		s := responsesTable.Read(n)
		return &Responses{Max: int(maxOption.Get(s)), Expires: expiresOption.Get(s)}
	}
	n.Errorf("error parsing response permissions, expected a boolean or a map")
	return nil
}
