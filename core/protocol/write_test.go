package protocol

import (
	"testing"
)

func TestAppend(t *testing.T) {
	prefix := AppendPrefix(nil, []byte("foo"), []byte("9"))
	payload := []byte(headerBlock + "hi")
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"prefix", prefix, "HMSG foo 9 "},
		{"line", AppendMessageLine(nil, prefix, nil, 0, 2), "MSG foo 9 2\r\n"},
		{"line with a reply", AppendMessageLine(nil, prefix, []byte("_R.1"), 0, 1<<20), "MSG foo 9 _R.1 1048576\r\n"},
		{"line with an empty reply", AppendMessageLine(nil, prefix, []byte{}, 0, 0), "MSG foo 9 0\r\n"},
		{"line with headers", AppendMessageLine(nil, prefix, nil, 18, 20), "HMSG foo 9 18 20\r\n"},
		{"line with headers and a reply", AppendMessageLine(nil, prefix, []byte("r"), 18, 20), "HMSG foo 9 r 18 20\r\n"},
		{"message", AppendMessage(nil, prefix, nil, 0, []byte("hi"), true), "MSG foo 9 2\r\nhi\r\n"},
		{"empty message", AppendMessage(nil, prefix, nil, 0, nil, true), "MSG foo 9 0\r\n\r\n"},
		{"message with a reply", AppendMessage(nil, prefix, []byte("r"), 0, []byte("hi"), false), "MSG foo 9 r 2\r\nhi\r\n"},
		{"message with headers", AppendMessage(nil, prefix, nil, 18, payload, true), "HMSG foo 9 18 20\r\n" + headerBlock + "hi\r\n"},
		{"message with headers and a reply", AppendMessage(nil, prefix, []byte("r"), 18, payload, true),
			"HMSG foo 9 r 18 20\r\n" + headerBlock + "hi\r\n"},
		{"message with headers alone", AppendMessage(nil, prefix, nil, 18, payload[:18], true), "HMSG foo 9 18 18\r\n" + headerBlock + "\r\n"},
		{"message whose headers are not wanted", AppendMessage(nil, prefix, []byte("r"), 18, payload, false), "MSG foo 9 r 2\r\nhi\r\n"},
		{"headers alone that are not wanted", AppendMessage(nil, prefix, nil, 18, payload[:18], false), "MSG foo 9 0\r\n\r\n"},
		{"no responders", AppendNoResponders(nil, []byte("_INBOX.a.x"), []byte("1"), []byte("svc")),
			"HMSG _INBOX.a.x 1 35 35\r\nNATS/1.0 503\r\nNats-Subject: svc\r\n\r\n\r\n"},
		{"error", AppendErr(nil, "Invalid Subject"), "-ERR 'Invalid Subject'\r\n"},
		{"info", AppendInfo(nil, []byte(`{"proto":1}`)), "INFO {\"proto\":1} \r\n"},
		{"ping", []byte(PingLine), "PING\r\n"},
		{"pong", []byte(PongLine), "PONG\r\n"},
		{"ok", []byte(OKLine), "+OK\r\n"},
	} {
		if string(c.got) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

// The writers append: what stands before stays.
func TestAppendKeepsWhatIsThere(t *testing.T) {
	prefix := AppendPrefix(nil, []byte("s"), []byte("1"))
	for name, write := range map[string]func([]byte) []byte{
		"prefix":        func(dst []byte) []byte { return AppendPrefix(dst, []byte("s"), []byte("1")) },
		"line":          func(dst []byte) []byte { return AppendMessageLine(dst, prefix, nil, 0, 1) },
		"message":       func(dst []byte) []byte { return AppendMessage(dst, prefix, nil, 0, []byte("x"), true) },
		"no responders": func(dst []byte) []byte { return AppendNoResponders(dst, []byte("r"), []byte("1"), []byte("s")) },
		"error":         func(dst []byte) []byte { return AppendErr(dst, "x") },
		"info":          func(dst []byte) []byte { return AppendInfo(dst, []byte("{}")) },
	} {
		alone := string(write(nil))
		if got := string(write([]byte("+OK\r\n"))); got != "+OK\r\n"+alone {
			t.Errorf("%s: got %q behind +OK, and %q alone", name, got, alone)
		}
	}
}
