package spec10

import (
	"regexp"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

var perms = file{name: "perms",
	conf: `# perms.conf
authorization {
  ADMIN = { publish = ">", subscribe = ">" }
  REQUESTOR = { publish = ["req.foo", "req.bar"], subscribe = "_INBOX.>" }
  RESPONDER = { subscribe = ["req.foo", "req.bar"], publish = "_INBOX.>" }
  DEFAULT_PERMISSIONS = { publish = "SANDBOX.*", subscribe = ["PUBLIC.>", "_INBOX.>"] }
  PASS: abcdefghijklmnopqrstuvwxyz0123456789
  users = [
    {user: joe,     password: foo,   permissions: $ADMIN}
    {user: alice,   password: bar,   permissions: $REQUESTOR}
    {user: bob,     password: $PASS, permissions: $RESPONDER}
    {user: charlie, password: bar}
  ]
}
`, toml: `# perms.toml
[authorization]
PASS = "abcdefghijklmnopqrstuvwxyz0123456789"
ADMIN = { publish = ">", subscribe = ">" }
REQUESTOR = { publish = ["req.foo", "req.bar"], subscribe = "_INBOX.>" }
RESPONDER = { subscribe = ["req.foo", "req.bar"], publish = "_INBOX.>" }
DEFAULT_PERMISSIONS = { publish = "SANDBOX.*", subscribe = ["PUBLIC.>", "_INBOX.>"] }
users = [
  { user = "joe", password = "foo", permissions = "$ADMIN" },
  { user = "alice", password = "bar", permissions = "$REQUESTOR" },
  { user = "bob", password = "$PASS", permissions = "$RESPONDER" },
  { user = "charlie", password = "bar" },
]
`}

// rights is a row of the table that each user tries.
type rights struct {
	password                                     string
	publish, notPublish, subscribe, notSubscribe []string
}

var rightsOf = map[string]rights{
	"joe": {password: "foo", publish: []string{"req.foo", "SANDBOX", "any.thing"}, subscribe: []string{">", "req.*", "any.thing"}},
	"alice": {password: "bar", publish: []string{"req.foo", "req.bar"}, notPublish: []string{"req.baz", "_INBOX.x"},
		subscribe: []string{"_INBOX.>", "_INBOX.a.*"}, notSubscribe: []string{"req.foo", ">"}},
	"bob": {password: "abcdefghijklmnopqrstuvwxyz0123456789", publish: []string{"_INBOX.x.y"}, notPublish: []string{"req.foo"},
		subscribe: []string{"req.foo", "req.bar"}, notSubscribe: []string{"_INBOX.>", "req.*"}},
	"charlie": {password: "bar", publish: []string{"SANDBOX.a"}, notPublish: []string{"SANDBOX.a.b", "SANDBOX"},
		subscribe: []string{"PUBLIC.a.b", "_INBOX.>"}, notSubscribe: []string{"PUBLIC", "SANDBOX.a"}},
}

func TestSubjectPermissions(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 scenario 5", func(t *testing.T) {
		perms.in(t, func(t *testing.T, o server.Options) {
			s := server.Start(t, o)
			joe := admits(t, s, login("joe", "foo"))
			joe.Send("SUB > 1\r\n")
			joe.Sync()
			for user, row := range rightsOf {
				t.Run(user, func(t *testing.T) { tryRights(t, s, joe, user, row) })
			}
			alice, bob := natsgo.Connect(t, s.URL("alice:bar")), natsgo.Connect(t, s.URL("bob:"+rightsOf["bob"].password))
			if _, err := bob.Subscribe("req.foo", func(m *nats.Msg) {
				if err := m.Respond([]byte("answer to " + string(m.Data))); err != nil {
					t.Error(err)
				}
			}); err != nil {
				t.Fatal(err)
			}
			natsgo.Flush(t, bob)
			if reply, err := alice.Request("req.foo", []byte("alice"), natsgo.Patience); err != nil || string(reply.Data) != "answer to alice" {
				t.Errorf("alice got %v, %v", reply, err)
			}
		})
	})
}

// tryRights goes through a row; joe, who sees everything, gets what is allowed and nothing else.
func tryRights(t *testing.T, s *server.Server, joe *wire.Conn, user string, row rights) {
	c := admits(t, s, login(user, row.password))
	for _, subject := range row.notPublish {
		c.Send(wire.Pub(subject, "no"))
		c.ExpectErr(`Permissions Violation for Publish to "` + subject + `"`)
		violation(t, s, `Publish Violation - Subject "`+subject+`"`)
	}
	for _, subject := range row.notSubscribe {
		c.Send("SUB ", subject, " 9\r\n")
		c.ExpectErr(`Permissions Violation for Subscription to "` + subject + `"`)
		violation(t, s, `Subscription Violation - Subject "`+subject+`", SID 9`)
	}
	for _, subject := range row.publish {
		c.Send(wire.Pub(subject, user))
		joe.Expect(wire.Msg(subject, "1", user))
	}
	for _, subject := range row.subscribe {
		c.Send("SUB ", subject, " 1\r\n")
		c.Sync()
		c.Send("UNSUB 1\r\n")
	}
	c.Sync()
}

// violation expects the line with the prefix of a client connection.
func violation(t *testing.T, s *server.Server, text string) {
	t.Helper()
	line := s.WaitFor(text)
	if line.Level != "ERR" || !regexp.MustCompile(`^127\.0\.0\.1:\d+ - cid:\d+ - `).MatchString(line.Text) {
		t.Errorf("the log has %q", line.Raw)
	}
}
