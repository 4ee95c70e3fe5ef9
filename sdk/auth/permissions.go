package auth

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Permissions says what a connection may publish and subscribe.
type Permissions struct {
	Publish   Subjects
	Subscribe Subjects // entries may be "subject queue"
	// Responses, when set, lets the connection publish to reply subjects it
	// was sent.
	Responses *Responses
}

// Subjects is a pair of lists. A nil Allow means everything is allowed; an
// empty, non-nil Allow means nothing is. Deny wins over Allow.
type Subjects struct {
	Allow []string
	Deny  []string
}

// Responses is the dynamic permission to answer.
type Responses struct {
	Max     int           // messages per reply subject; negative: no limit
	Expires time.Duration // since the request was delivered; negative: never
}

// SubjectError says that an entry of a permission is no subject, or that what
// follows the subject is no queue group.
type SubjectError struct {
	Subject string // the entry, or its part that is wrong
	Queue   bool   // the part is the queue group
}

// Error names the entry.
func (e *SubjectError) Error() string {
	if e.Queue {
		return fmt.Sprintf("queue %q is not a valid queue", e.Subject)
	}
	return fmt.Sprintf("subject %q is not a valid subject", e.Subject)
}

// Validate returns a *SubjectError for the first entry that is not a subject, or
// for subscriptions a subject and a queue group. A nil *Permissions is valid.
func (p *Permissions) Validate() error {
	if p == nil {
		return nil
	}
	for _, entry := range slices.Concat(p.Publish.Allow, p.Publish.Deny) {
		if err := ValidatePublish(entry); err != nil {
			return err
		}
	}
	for _, entry := range slices.Concat(p.Subscribe.Allow, p.Subscribe.Deny) {
		if err := ValidateSubscribe(entry); err != nil {
			return err
		}
	}
	return nil
}

// ValidatePublish checks one entry of a publish permission.
func ValidatePublish(entry string) error {
	if !validSubject(entry) {
		return &SubjectError{Subject: entry}
	}
	return nil
}

// ValidateSubscribe checks one entry of a subscribe permission: a subject,
// optionally followed by white space and a queue group.
func ValidateSubscribe(entry string) error {
	parts := strings.Fields(entry)
	switch {
	case len(parts) < 1 || len(parts) > 2 || !validSubject(parts[0]):
		return &SubjectError{Subject: entry}
	case len(parts) == 2 && !validSubject(parts[1]):
		return &SubjectError{Subject: parts[1], Queue: true}
	}
	return nil
}

// validSubject holds the client protocol's grammar of subjects with wildcards:
// tokens separated by dots, none empty or with white space, '>' only as the last.
func validSubject(subject string) bool {
	if strings.ContainsAny(subject, " \t\n\r\f") {
		return false
	}
	for token := range strings.SplitSeq(strings.TrimSuffix(subject, ".>"), ".") {
		if token == "" || token == ">" && subject != ">" {
			return false
		}
	}
	return true
}
