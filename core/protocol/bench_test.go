package protocol

import (
	"strings"
	"testing"
)

var streams = []struct{ name, op string }{
	{"PUB of 3", "PUB foo 16\r\n0123456789abcdef\r\n"},
	{"PUB of 23", "PUB orders.europe.paris.new 16\r\n0123456789abcdef\r\n"},
	{"PUB with a reply", "PUB orders.europe.paris.new _INBOX.Yk3fVb2ZJH0rQZQ8.17 16\r\n0123456789abcdef\r\n"},
	{"HPUB", "HPUB orders.europe.paris.new 18 34\r\n" + headerBlock + "0123456789abcdef\r\n"},
	{"SUB", "SUB orders.europe.*.new 17\r\n"},
	{"SUB with a queue", "SUB orders.europe.*.new workers 17\r\n"},
	{"UNSUB", "UNSUB 17 1\r\n"},
	{"PING", "PING\r\n"},
}

// roomy is a parser with the limits of a server.
var roomy = Parser{MaxControlLine: 4096, MaxPayload: 1 << 20, Headers: true}

func TestNextAllocatesNothing(t *testing.T) {
	for _, s := range streams {
		b := []byte(s.op)
		var op Op
		if n := testing.AllocsPerRun(100, func() {
			if n, err := roomy.Next(b, &op); n != len(b) || err != nil {
				t.Fatal(n, err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", s.name, n)
		}
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	prefix, reply, payload := AppendPrefix(nil, []byte("foo"), []byte("1")), []byte("r"), []byte(headerBlock+"hi")
	room := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() {
		dst := AppendMessage(room, prefix, reply, 18, payload, true)
		dst = AppendMessage(dst, prefix, nil, 0, payload, true)
		dst = AppendNoResponders(dst, reply, reply, reply)
		if len(dst) > cap(room) {
			t.Fatal("not enough room for the test")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNext(b *testing.B) {
	for _, s := range streams {
		b.Run(s.name, func(b *testing.B) {
			const perBatch = 64
			batch := []byte(strings.Repeat(s.op, perBatch))
			b.SetBytes(int64(len(s.op)))
			b.ReportAllocs()
			var op Op
			for i := 0; i < b.N; i += perBatch {
				for rest := batch; len(rest) > 0; {
					n, err := roomy.Next(rest, &op)
					if n == 0 {
						b.Fatal(err)
					}
					rest = rest[n:]
				}
			}
		})
	}
}

func BenchmarkAppendMessage(b *testing.B) {
	prefix, payload := AppendPrefix(nil, []byte("orders.europe.paris.new"), []byte("17")), []byte("0123456789abcdef")
	room := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		AppendMessage(room, prefix, nil, 0, payload, true)
	}
}
