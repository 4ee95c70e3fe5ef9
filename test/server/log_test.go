package server

import "testing"

func TestParse(t *testing.T) {
	for raw, want := range map[string]Line{
		"[24570] 2026/11/20 11:55:19.473947 [INF] Server is ready": {Level: "INF", Text: "Server is ready"},
		"[24570] [TRC] 127.0.0.1:1 - cid:5 - <<- [PING]":           {Level: "TRC", Text: "127.0.0.1:1 - cid:5 - <<- [PING]"},
		"[1] 2026/11/20 11:55:19.473947 [INF]   Version:  2.15.2":  {Level: "INF", Text: "  Version:  2.15.2"},
		"trellis: missing.conf":                                    {Text: "trellis: missing.conf"},
		"2026/11/20 11:55:19 [INF] Server is ready":                {Text: "2026/11/20 11:55:19 [INF] Server is ready"},
		"": {},
	} {
		want.Raw = raw
		if got := parse(raw); got != want {
			t.Errorf("parse(%q) = %+v, want %+v", raw, got, want)
		}
	}
}
