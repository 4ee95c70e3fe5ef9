package config

import (
	"strings"
	"time"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// What a dynamic permission to answer means when it is only switched on.
const (
	defaultResponses       = 1
	defaultResponsesExpiry = 2 * time.Minute
)

// permissionsOption makes an option that holds permissions.
func permissionsOption(name string) *option.Of[*auth.Permissions] {
	return option.Custom(name, "permissions", readPermissions)
}

// readPermissions reads a permissions block. Granting answers without any list of
// subjects to publish to denies all other publishing.
func readPermissions(n *option.Node) *auth.Permissions {
	if n.Kind() != option.Map {
		n.Errorf("Expected permissions to be a map/struct, got %v", n)
		return nil
	}
	p := new(auth.Permissions)
	for _, field := range n.Fields() {
		switch strings.ToLower(field.Key) {
		case "pub", "publish", "import":
			p.Publish = readSubjects(field, checkSubject)
		case "sub", "subscribe", "export":
			p.Subscribe = readSubjects(field, checkSubjectQueue)
		case "publish_allow_responses", "allow_responses":
			p.Responses = readResponses(field)
		default:
			if !field.Referenced {
				field.Errorf("Unknown field %q parsing permissions", field.Key)
			}
		}
	}
	if p.Responses != nil && p.Publish.Allow == nil {
		p.Publish.Allow = []string{}
	}
	return p
}

// readSubjects reads a subject, a list of subjects, or a block of allow and deny.
func readSubjects(n *option.Node, check func(*option.Node)) auth.Subjects {
	if n.Kind() != option.Map {
		return auth.Subjects{Allow: readSubjectList(n, check)}
	}
	var s auth.Subjects
	for _, field := range n.Fields() {
		switch strings.ToLower(field.Key) {
		case "allow":
			s.Allow = readSubjectList(field, check)
		case "deny":
			s.Deny = readSubjectList(field, check)
		default:
			if !field.Referenced {
				field.Errorf("Unknown field name %q parsing subject permissions, only 'allow' or 'deny' are permitted", field.Key)
			}
		}
	}
	return s
}

func readSubjectList(n *option.Node, check func(*option.Node)) []string {
	entries := []*option.Node{n}
	switch n.Kind() {
	case option.String:
	case option.List:
		entries = n.Items()
	default:
		n.Errorf("Expected subject permissions to be a subject, or array of subjects, got %s", n.TypeName())
		return nil
	}
	// An empty list written by hand restricts nothing.
	var subjects []string
	for _, entry := range entries {
		if entry.Kind() != option.String {
			entry.Errorf("Subject in permissions array cannot be cast to string")
			continue
		}
		check(entry)
		subjects = append(subjects, entry.Value.Text)
	}
	return subjects
}

func checkSubject(n *option.Node) {
	if s := n.Value.Text; !subject.ValidSubscription(s) {
		n.Errorf("subject %q is not a valid subject", s)
	}
}

// checkSubjectQueue accepts "subject" and "subject queue".
func checkSubjectQueue(n *option.Node) {
	s, queue, found := strings.Cut(strings.TrimSpace(n.Value.Text), " ")
	if !subject.ValidSubscription(s) {
		n.Errorf("subject %q is not a valid subject", s)
	}
	if queue = strings.TrimSpace(queue); found && !subject.ValidSubscription(queue) {
		n.Errorf("queue %q is not a valid queue", queue)
	}
}

func readResponses(n *option.Node) *auth.Responses {
	responses := &auth.Responses{Max: defaultResponses, Expires: defaultResponsesExpiry}
	switch n.Kind() {
	case option.Bool:
		if !n.Value.Bool {
			return nil
		}
		return responses
	case option.Map:
	default:
		n.Errorf("error parsing response permissions, expected a boolean or a map")
		return nil
	}
	block := responsesTable.Read(n)
	if limit := block.Int("max"); limit != 0 {
		responses.Max = int(limit)
	}
	if expires := block.Duration("expires"); expires != 0 {
		responses.Expires = expires
	}
	return responses
}

var responsesTable = option.NewTable(
	option.Number("max").Alias("max_msgs", "max_messages", "max_responses").Default(defaultResponses).Unit("messages").
		Doc("Answers per request; negative is no limit."),
	option.Duration("expires").Alias("expiration", "ttl").Default(defaultResponsesExpiry).
		Otherwise("error parsing expires, not a duration string").
		Doc("Time to answer; negative is no limit."),
).Unknown(`Unknown field "{key}" parsing permissions`)
