package spec01

import (
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

const permissions = `
authorization { users: [
  {user: admin, password: p}
  {user: pub, password: p, permissions: { publish: { allow: ["fine", "q\"uote\\", "low.>", "é"], deny: "low.secret" } } }
  {user: sub, password: p, permissions: { subscribe: { allow: ["news", "deep.>", "only.*"], deny: ["deep.secret", "deep.*.q dq"] } } }
  {user: queue, password: p, permissions: { subscribe: { allow: ["q.x v1", "q.y", "q.y v1", "q.z w.*"] } } }
  {user: filter, password: p, permissions: { subscribe: { deny: ["f.secret", "f.part dq"] } } }
  {user: answer, password: p, permissions: { subscribe: "service", allow_responses: true } }
  {user: limited, password: p, permissions: { subscribe: "service", publish: { deny: "box.denied" }, allow_responses: { max: 2, expires: "1m" } } }
] }
`

func login(t *testing.T, s *server.Server, user string, members ...string) *wire.Conn {
	t.Helper()
	return wire.Ready(t, s.Addr(), append(members, `"user":"`+user+`","pass":"p"`)...)
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	check(t, start(t, permissions), []line{
		{"spec 01 #105", publishRefused},
		{"spec 01 #107", func(t *testing.T, s *server.Server) {
			c := login(t, s, "sub")
			for _, subject := range []string{"elsewhere", "deep", "deep.secret", ">", "*", "news.*", "only.*.*", "*.x", "q\"uote\\\xff"} {
				quoted := map[string]string{"q\"uote\\\xff": `q\"uote\\\xff`}[subject]
				if quoted == "" {
					quoted = subject
				}
				c.Send("SUB ", subject, " 1\r\n")
				c.ExpectErr(`Permissions Violation for Subscription to "` + quoted + `"`)
				c.Send("SUB ", subject, " some.q 1\r\n")
				c.ExpectErr(`Permissions Violation for Subscription to "` + quoted + `" using queue "some.q"`)
			}
			c.Send("SUB deep.x.q dq 1\r\n")
			c.ExpectErr(`Permissions Violation for Subscription to "deep.x.q" using queue "dq"`)
			c.Send("SUB news 1\r\nSUB deep.x.q 2\r\nSUB only.* q 3\r\nSUB deep.> 4\r\n")
			c.Sync()
			admin := login(t, s, "admin")
			admin.Send(wire.Pub("news", "a"), wire.Pub("only.x", "b"), wire.Pub("deep.y", "c"), wire.Pub("elsewhere", "no"), wire.Pub("news", "d"))
			c.Expect(wire.Msg("news", "1", "a"), wire.Msg("only.x", "3", "b"), wire.Msg("deep.y", "4", "c"), wire.Msg("news", "1", "d"))
			t.Run("a wider subscription is no subset", func(t *testing.T) {
				// nats-server lets * of an entry cover > of a subscription.
				wider := login(t, s, "sub")
				wider.Send("SUB only.> 1\r\nPING\r\n")
				wider.Expect(wire.Err(`Permissions Violation for Subscription to "only.>"`), "PONG\r\n")
			})
			s.WaitFor(`Subscription Violation - Subject "elsewhere", SID 1`)
			s.WaitFor(`Subscription Violation - Subject "elsewhere", Queue: "some.q", SID 1`)
		}},
		{"spec 01 #108", func(t *testing.T, s *server.Server) {
			c := login(t, s, "queue")
			c.Send("SUB q.x 1\r\n")
			c.ExpectErr(`Permissions Violation for Subscription to "q.x"`)
			c.Send("SUB q.x v2 1\r\n")
			c.ExpectErr(`Permissions Violation for Subscription to "q.x" using queue "v2"`)
			c.Send("SUB q.x v1 1\r\nSUB q.y 2\r\nSUB q.y v1 3\r\nSUB q.z w.1 4\r\n")
			c.Sync()
			c.Send("SUB q.y v2 5\r\nSUB q.z w 5\r\nSUB q.z x.1 5\r\n")
			c.Expect(wire.Err(`Permissions Violation for Subscription to "q.y" using queue "v2"`),
				wire.Err(`Permissions Violation for Subscription to "q.z" using queue "w"`),
				wire.Err(`Permissions Violation for Subscription to "q.z" using queue "x.1"`))
			c.Send(wire.Pub("q.x", "v1"))
			c.Expect(wire.Msg("q.x", "1", "v1"))
			c.Sync()
		}},
		{"spec 01 #109", func(t *testing.T, s *server.Server) {
			c := login(t, s, "filter")
			c.Send("SUB f.* 1\r\nSUB f.> q 2\r\nSUB f.* dq 3\r\n")
			c.Sync()
			admin := login(t, s, "admin", withNoResponders)
			admin.Send("SUB filterbox 1\r\n", wire.Pub("f.secret", "no"), wire.Pub("f.part", "part"), wire.Pub("f.open", "open"))
			c.ExpectSet(wire.Msg("f.part", "1", "part"), wire.Msg("f.part", "2", "part"),
				wire.Msg("f.open", "1", "open"), wire.Msg("f.open", "2", "open"), wire.Msg("f.open", "3", "open"))
			// What the filter took away was not delivered.
			admin.Send(wire.PubReply("f.secret", "filterbox", "no"))
			admin.Expect(wire.NoResponders("f.secret", "filterbox", "1"))
			// Another member of the queue group takes what one may not have.
			free := login(t, s, "admin")
			free.Send("SUB f.> q 9\r\n")
			free.Sync()
			for range 20 {
				admin.Send(wire.Pub("f.secret", "theirs"))
				free.Expect(wire.Msg("f.secret", "9", "theirs"))
			}
			c.Sync()
		}},
		{"spec 01 #110", allowResponses},
		{"spec 01 #111", reservedSubjects},
	})
}

func publishRefused(t *testing.T, s *server.Server) {
	admin := login(t, s, "admin")
	admin.Send("SUB fine 1\r\nSUB low.secret.> 2\r\nSUB low.secret 3\r\nSUB other 4\r\nSUB pubbox 5\r\n")
	admin.Sync()
	c := login(t, s, "pub", withNoResponders)
	c.Send("SUB pubbox 1\r\n")
	for subject, quoted := range map[string]string{
		"other": `"other"`, "low": `"low"`, "low.secret": `"low.secret"`, `odd"\`: `"odd\"\\"`, "odd\x00\x7f\xff": `"odd\x00\x7f\xff"`, "ödd": `"ödd"`, "odd..x": `"odd..x"`,
	} {
		for _, operation := range []string{wire.Pub(subject, "no"), wire.PubReply(subject, "pubbox", "no"), wire.HPub(subject, "NATS/1.0\r\n\r\n", "no")} {
			c.Send(operation)
			c.ExpectErr("Permissions Violation for Publish to " + quoted)
			c.Sync()
		}
	}
	s.WaitFor(`Publish Violation - Subject "other"`)
	// Replies need no permission.
	c.Send(wire.Pub(`q"uote\`, "ok"), wire.Pub("é", "ok"), wire.PubReply("fine", "other", "ok"), wire.Pub("low.secret.x", "ok"))
	c.Sync()
	admin.Expect(wire.MsgReply("fine", "1", "other", "ok"), wire.Msg("low.secret.x", "2", "ok"))
}

func allowResponses(t *testing.T, s *server.Server) {
	admin := login(t, s, "admin")
	admin.Send("SUB box.> 1\r\n")
	admin.Sync()

	once := login(t, s, "answer")
	once.Send("SUB service 1\r\n", wire.Pub("box.one", "early"))
	once.ExpectErr(`Permissions Violation for Publish to "box.one"`)
	twice := login(t, s, "limited")
	twice.Send("SUB service 1\r\n")
	twice.Sync()

	admin.Send(wire.PubReply("service", "box.one", "?"), wire.PubReply("service", "box.denied", "?"))
	for _, c := range []*wire.Conn{once, twice} {
		c.Expect(wire.MsgReply("service", "1", "box.one", "?"), wire.MsgReply("service", "1", "box.denied", "?"))
	}
	once.Send(wire.Pub("box.one", "1"), wire.Pub("box.one", "2"), wire.Pub("box.two", "3"), wire.Pub("service", "4"))
	once.Expect(wire.Err(`Permissions Violation for Publish to "box.one"`), wire.Err(`Permissions Violation for Publish to "box.two"`), wire.Err(`Permissions Violation for Publish to "service"`))
	admin.Expect(wire.Msg("box.one", "1", "1"))

	twice.Send(wire.Pub("box.one", "1"), wire.Pub("box.denied", "2"), wire.Pub("box.one", "3"), wire.Pub("box.one", "4"), wire.Pub("service", "5"))
	twice.Expect(wire.Err(`Permissions Violation for Publish to "box.one"`), wire.Err(`Permissions Violation for Publish to "service"`))
	admin.Expect(wire.Msg("box.one", "1", "1"), wire.Msg("box.denied", "1", "2"), wire.Msg("box.one", "1", "3"))
	once.Sync()
	twice.Sync()
	admin.Sync()
}

func reservedSubjects(t *testing.T, s *server.Server) {
	c := login(t, s, "admin", withHeaders)
	c.Send("SUB _GR_.> 1\r\nSUB $NRG.> 2\r\nSUB res.> 3\r\n")
	for _, reply := range []string{"_R_.x", "_R_.x.y", "$JS.ACK.x", "_GR_.x"} {
		c.Send(wire.PubReply("res.a", reply, "no"), wire.HPub("res.a "+reply, "NATS/1.0\r\n\r\n", "no"))
		violation := wire.Err(`Permissions Violation for Publish with Reply of "` + reply + `"`)
		c.Expect(violation, violation)
	}
	for _, subject := range []string{"_GR_.x", "$NRG.x"} {
		c.Send(wire.Pub(subject, "no"))
		c.ExpectErr(`Permissions Violation for Publish to "` + subject + `"`)
	}
	// Neighbours of the reserved names are ordinary, and so is publishing to names reserved as replies.
	for _, subject := range []string{"$JS.ACK.x", "_R_.x", "$SYS.x", "_GR_", "$NRG", "_GR_X.x", "_R_"} {
		c.Send("SUB ", subject, " 4\r\n", wire.Pub(subject, "ok"), "UNSUB 4\r\n")
		c.Expect(wire.Msg(subject, "4", "ok"))
	}
	for _, reply := range []string{"_R_", "_R_X.x", "$JS.ACK", "$JS.API.x", "_GR_", "*", "a..b"} {
		c.Send(wire.PubReply("res.b", reply, "ok"))
		c.Expect(wire.MsgReply("res.b", "3", reply, "ok"))
	}
	c.Sync()
}
