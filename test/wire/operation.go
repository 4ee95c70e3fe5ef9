package wire

import (
	"fmt"
	"strings"
)

// Login is a CONNECT that is neither verbose nor pedantic; members are further JSON members such
// as `"headers":true`.
func Login(members ...string) string {
	all := append([]string{`"verbose":false`, `"pedantic":false`}, members...)
	return "CONNECT {" + strings.Join(all, ",") + "}\r\n"
}

// Pub is a PUB with its payload.
func Pub(subject, payload string) string {
	return fmt.Sprintf("PUB %s %d\r\n%s\r\n", subject, len(payload), payload)
}

// PubReply is a PUB with a reply subject.
func PubReply(subject, reply, payload string) string {
	return Pub(subject+" "+reply, payload)
}

// HPub is an HPUB; target is the subject, with the reply subject after a blank if there is one.
func HPub(target, headers, payload string) string {
	return fmt.Sprintf("HPUB %s %d %d\r\n%s%s\r\n", target, len(headers), len(headers)+len(payload), headers, payload)
}

// Msg is the MSG that a subscriber gets.
func Msg(subject, sid, payload string) string {
	return fmt.Sprintf("MSG %s %s %d\r\n%s\r\n", subject, sid, len(payload), payload)
}

// MsgReply is a MSG with a reply subject.
func MsgReply(subject, sid, reply, payload string) string {
	return Msg(subject, sid+" "+reply, payload)
}

// HMsg is an HMSG; target is subject and sid, with the reply subject after a blank if there is one.
func HMsg(target, headers, payload string) string {
	return fmt.Sprintf("HMSG %s %d %d\r\n%s%s\r\n", target, len(headers), len(headers)+len(payload), headers, payload)
}

// NoResponders is the status message that answers a request nobody listens to.
func NoResponders(subject, reply, sid string) string {
	return HMsg(reply+" "+sid, "NATS/1.0 503\r\nNats-Subject: "+subject+"\r\n\r\n", "")
}

// Err is the -ERR with this text.
func Err(text string) string { return "-ERR '" + text + "'\r\n" }
