package spec03

import (
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

const permissions = `
authorization {
  default_permissions: { publish: "def.>", subscribe: "def.*" }
  users: [
    {user: admin, password: p, permissions: {}}
    {user: default, password: p}
    {user: allow, password: p, permissions: { publish: ["a.ok", "a.deep.>"], subscribe: ["a.ok", "a.deep.>"] } }
    {user: deny, password: p, permissions: { publish: { deny: ["b.no", "b.deep.>"] }, subscribe: { deny: ["b.no", "b.deep.>"] } } }
    {user: both, password: p, permissions: { publish: { allow: "c.>", deny: "c.no" }, subscribe: { allow: "c.>", deny: "c.no" } } }
    {user: queue, password: p, permissions: { subscribe: { allow: ["one", "two v1", "three", "three v1", "four", "four v1.*"], deny: "four bad" } } }
    {user: filter, password: p, permissions: { subscribe: { deny: ["f.secret", "f.secret.>"] } } }
    {user: dq, password: p, permissions: { subscribe: { deny: ["x.no", "y.> dq"] } } }
    {user: responses, password: p, permissions: { subscribe: "r.service", publish: { allow: "r.log", deny: "r.denied" }, allow_responses: { max: 2, expires: "1s" } } }
    {user: tracked, password: p, permissions: { subscribe: "r.tracked", publish: { allow: "r.log", deny: "r.denied" }, allow_responses: true } }
    {user: only, password: p, permissions: { subscribe: "r.only", publish: { deny: "r.denied" }, allow_responses: true } }
  ]
}
`

func as(t *testing.T, s *server.Server, user string) *wire.Conn {
	t.Helper()
	return accepted(t, s, password(user, "p"), `"headers":true`)
}

func publishRefused(c *wire.Conn, subjects ...string) {
	for _, subject := range subjects {
		c.Send(wire.Pub(subject, "no"))
		c.ExpectErr(`Permissions Violation for Publish to "` + subject + `"`)
	}
}

func subscribeRefused(c *wire.Conn, subjects ...string) {
	for _, subject := range subjects {
		c.Send("SUB ", subject, " no\r\n")
		c.ExpectErr(`Permissions Violation for Subscription to "` + subject + `"`)
	}
}

func queueRefused(c *wire.Conn, subject, queue string) {
	c.Send("SUB ", subject, " ", queue, " no\r\n")
	c.ExpectErr(`Permissions Violation for Subscription to "` + subject + `" using queue "` + queue + `"`)
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	s := start(t, permissions)
	for _, line := range []struct {
		name string
		test func(*testing.T)
	}{
		{"spec 03 #58", func(t *testing.T) {
			admin := as(t, s, "admin")
			admin.Send("SUB a.> 1\r\nSUB b.> 2\r\n")
			admin.Sync()
			allow, deny := as(t, s, "allow"), as(t, s, "deny")
			publishRefused(allow, "a", "a.no", "a.deep", "b.ok", "a.OK")
			allow.Send(wire.Pub("a.ok", "1"), wire.Pub("a.deep.x", "2"))
			admin.Expect(wire.Msg("a.ok", "1", "1"), wire.Msg("a.deep.x", "1", "2"))
			publishRefused(deny, "b.no", "b.deep.x")
			deny.Send(wire.Pub("b.ok", "1"), wire.Pub("b.deep", "2"))
			admin.Expect(wire.Msg("b.ok", "2", "1"), wire.Msg("b.deep", "2", "2"))
			admin.Sync()
			allow.Sync()
			deny.Sync()
		}},
		{"spec 03 #59", func(t *testing.T) {
			c := as(t, s, "both")
			publishRefused(c, "c.no", "d")
			subscribeRefused(c, "c.no", "d")
			queueRefused(c, "c.no", "q")
			c.Send("SUB c.yes 1\r\n", wire.Pub("c.yes", "hi"))
			c.Expect(wire.Msg("c.yes", "1", "hi"))
			c.Sync()
		}},
		{"spec 03 #60", func(t *testing.T) {
			c := as(t, s, "allow")
			subscribeRefused(c, "a.no", "b.ok", ">", "a.>", "a.*", "*.ok")
			queueRefused(c, "a.no", "some-queue")
			c.Send("SUB a.ok 1\r\nSUB a.deep.* 2\r\nSUB a.deep.> q 3\r\nSUB a.deep.*.> 4\r\n")
			c.Sync()
			denied := as(t, s, "deny")
			subscribeRefused(denied, "b.no", "b.deep.x", "b.deep.*", "b.deep.>", "b.deep.x.*")
			queueRefused(denied, "b.deep.>", "q")
			denied.Sync()
		}},
		{"spec 03 #61", func(t *testing.T) {
			c := as(t, s, "queue")
			subscribeRefused(c, "two")
			queueRefused(c, "two", "v2")
			queueRefused(c, "three", "v2")
			c.Send("SUB one 1\r\nSUB one v1 2\r\nSUB one v2 3\r\nSUB two v1 4\r\nSUB three 5\r\nSUB three v1 6\r\n")
			c.Sync()
		}},
		{"spec 03 #62", func(t *testing.T) {
			c := as(t, s, "queue")
			queueRefused(c, "four", "zz")
			queueRefused(c, "four", "v1")
			queueRefused(c, "four", "v1.x.y")
			queueRefused(c, "four", "bad")
			c.Send("SUB four 1\r\nSUB four v1.x 2\r\nSUB four v1.* 3\r\n")
			c.Sync()
		}},
		{"spec 03 #63", func(t *testing.T) {
			c := as(t, s, "filter")
			c.Send("SUB f.> 1\r\nSUB f.* 2\r\nSUB *.secret 3\r\nSUB f.> q 4\r\n")
			c.Sync()
			admin := as(t, s, "admin")
			admin.Send(wire.Pub("f.secret", "no"), wire.Pub("f.secret.x", "no"), wire.Pub("f.open", "yes"), wire.Pub("other.secret", "yes"))
			c.ExpectSet(wire.Msg("f.open", "1", "yes"), wire.Msg("f.open", "2", "yes"), wire.Msg("f.open", "4", "yes"), wire.Msg("other.secret", "3", "yes"))
			c.Sync()
		}},
		{"spec 03 #64", func(t *testing.T) {
			c := as(t, s, "filter")
			subscribeRefused(c, "f.secret", "f.secret.*", "f.secret.>", "f.secret.x.>")
			c.Sync()
		}},
		{"spec 03 #65", func(t *testing.T) {
			c := as(t, s, "dq")
			queueRefused(c, "y.a65", "dq")
			queueRefused(c, "y.*", "dq")
			queueRefused(c, "y.>", "dq")
			subscribeRefused(c, "x.no")
			c.Send("SUB x.* 1\r\nSUB y.> 2\r\nSUB y.a65 ok 3\r\nSUB *.a65 dq 4\r\n")
			c.Sync()
			admin := as(t, s, "admin")
			admin.Send(wire.Pub("x.no", "no"), wire.Pub("x.yes", "x"), wire.Pub("y.a65", "y"), wire.Pub("z.a65", "z"))
			// The queue subscription overlaps the deny entry, so its copy of y.a65 is filtered.
			c.ExpectSet(wire.Msg("x.yes", "1", "x"), wire.Msg("y.a65", "2", "y"), wire.Msg("y.a65", "3", "y"), wire.Msg("z.a65", "4", "z"))
			c.Sync()
		}},
		{"spec 03 #66", func(t *testing.T) {
			for _, user := range []string{"admin", "allow"} {
				c := as(t, s, user)
				queueRefused(c, "a.ok", "_sys_")
				c.Send("SUB a.ok 1\r\n")
				c.Sync()
			}
		}},
		{"spec 03 #67", func(t *testing.T) { responsesExpire(t, s) }},
		{"spec 03 #68", func(t *testing.T) {
			c, admin := as(t, s, "only"), as(t, s, "admin")
			c.Send("SUB r.only 1\r\n")
			publishRefused(c, "r.free", "r.only", "r.denied", "anything")
			admin.Send("SUB r.box.68 1\r\n", wire.PubReply("r.only", "r.box.68", "?"))
			c.Expect(wire.MsgReply("r.only", "1", "r.box.68", "?"))
			c.Send(wire.Pub("r.box.68", "!"))
			admin.Expect(wire.Msg("r.box.68", "1", "!"))
			publishRefused(c, "r.box.68")
		}},
		{"spec 03 #69", func(t *testing.T) {
			c, admin := as(t, s, "tracked"), as(t, s, "admin")
			c.Send("SUB r.tracked 1\r\n")
			publishRefused(c, "r.denied")
			admin.Send("SUB r.denied 1\r\n", wire.PubReply("r.tracked", "r.denied", "?"))
			c.Expect(wire.MsgReply("r.tracked", "1", "r.denied", "?"))
			c.Send(wire.Pub("r.denied", "!"), wire.Pub("r.log", "still allowed"))
			admin.Expect(wire.Msg("r.denied", "1", "!"))
			c.Sync()
		}},
		{"spec 03 #70", func(t *testing.T) {
			for _, user := range []string{"admin", "allow"} {
				c := as(t, s, user)
				for _, reply := range []string{"_R_.x", "$JS.ACK.x", "_GR_.x"} {
					c.Send(wire.PubReply("a.ok", reply, "no"), wire.HPub("a.ok "+reply, "NATS/1.0\r\n\r\n", "no"))
					c.Expect(wire.Err(`Permissions Violation for Publish with Reply of "`+reply+`"`), wire.Err(`Permissions Violation for Publish with Reply of "`+reply+`"`))
				}
				c.Sync()
			}
		}},
		{"spec 03 #71", func(t *testing.T) {
			c := as(t, s, "admin")
			c.Send("SUB $NRG.> 1\r\n")
			publishRefused(c, "$NRG.x", "$NRG.x.y")
			c.Sync()
			system := start(t, "system_account: SYS\naccounts { SYS { users: [ {user: s, password: s} ] } }\n")
			inSystem := accepted(t, system, password("s", "s"))
			inSystem.Send("SUB $NRG.> 1\r\n", wire.Pub("$NRG.x", "ok"))
			inSystem.Expect(wire.Msg("$NRG.x", "1", "ok"))
		}},
		{"spec 03 #72", func(t *testing.T) { defaultPermissions(t, s) }},
	} {
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			line.test(t)
		})
	}
}

func responsesExpire(t *testing.T, s *server.Server) {
	admin, c := as(t, s, "admin"), as(t, s, "responses")
	c.Send("SUB r.service 1\r\n")
	c.Sync()
	admin.Send("SUB r.box67.> 1\r\n", wire.PubReply("r.service", "r.box67.a", "?"), wire.PubReply("r.service", "r.box67.late", "?"))
	c.Expect(wire.MsgReply("r.service", "1", "r.box67.a", "?"), wire.MsgReply("r.service", "1", "r.box67.late", "?"))
	c.Send(wire.Pub("r.box67.a", "1"), wire.Pub("r.box67.a", "2"))
	publishRefused(c, "r.box67.a", "r.box67.never")
	for _, payload := range []string{"1", "2"} {
		admin.Expect(wire.Msg("r.box67.a", "1", payload))
	}
	// The right to the late reply ends by itself; only the clock can show it.
	<-time.After(1200 * time.Millisecond)
	publishRefused(c, "r.box67.late")
	admin.Sync()
}

func defaultPermissions(t *testing.T, s *server.Server) {
	c := as(t, s, "default")
	publishRefused(c, "a.ok", "def")
	subscribeRefused(c, "a.ok", "def", "def.a.b", ">")
	c.Send("SUB def.a 1\r\n", wire.Pub("def.a", "hi"), wire.Pub("def.a.b", "deep"))
	c.Expect(wire.Msg("def.a", "1", "hi"))
	c.Sync()
	// Permissions of one's own replace the defaults, they are not added.
	own := as(t, s, "allow")
	publishRefused(own, "def.a")
	subscribeRefused(own, "def.a")

	accounts := start(t, `accounts {
  A { default_permissions: { publish: "only.a" }, users: [ {user: default, password: p}, {user: own, password: p, permissions: { publish: "only.own" }} ] }
  B { users: [ {user: free, password: p} ] }
}`)
	inA := as(t, accounts, "default")
	publishRefused(inA, "other")
	inA.Send("SUB other 1\r\n", wire.Pub("only.a", ""))
	inA.Sync()
	publishRefused(as(t, accounts, "own"), "only.a")
	free := as(t, accounts, "free")
	free.Send(wire.Pub("other", ""))
	free.Sync()
}
