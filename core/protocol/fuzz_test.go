package protocol

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"
)

// Whatever the bytes are and however they are split: no panic, nothing taken
// that is not there, and the same operations and error.
func FuzzParser(f *testing.F) {
	for _, a := range accepted {
		f.Add([]byte(a.in+"PING\r\n"), uint64(1), uint8(24), uint8(40), true)
	}
	for _, r := range refused {
		f.Add([]byte("PING\r\n"+r.in+"\r\n"), uint64(2), uint8(24), uint8(40), false)
	}
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64, controlLine, payload uint8, headers bool) {
		p := Parser{MaxControlLine: int(controlLine), MaxPayload: int(payload), Headers: headers}
		if payload == 255 {
			p.MaxPayload = -1
		}
		want := read(t, &p, stream, whole)
		for _, most := range []int{1, 7, 1 + len(stream)} {
			if got := read(t, &p, stream, randomly(seed, most)); !got.equal(want) {
				t.Errorf("%q in chunks of up to %d: %v\nwhole: %v", stream, most, got, want)
			}
		}
	})
}

// word makes a field of any bytes: one without blanks and line ends, and not
// empty.
func word(raw []byte) []byte {
	w := bytes.Clone(raw)
	for i, c := range w {
		if endsField(c) {
			w[i] = '_'
		}
	}
	if len(w) == 0 {
		return []byte("w")
	}
	return w
}

// What a publisher sends is what a subscriber gets, whichever way a delivery is
// framed.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("foo"), []byte(""), []byte("1"), []byte(""), []byte("hello"), false)
	f.Add([]byte("foo.bar"), []byte("_INBOX.a.b"), []byte("17"), []byte(headerBlock), []byte("hello"), true)
	f.Add([]byte("\x00\xff"), []byte("\r\n"), []byte(";"), []byte(headerBlock), []byte("\r\nPUB a 0\r\n"), true)
	f.Add([]byte("PUB"), []byte("0"), []byte("MSG"), []byte(""), []byte(""), true)
	f.Fuzz(func(t *testing.T, subject, reply, sid, header, body []byte, headers bool) {
		sent := delivery{subject: string(word(subject)), sid: string(word(sid)), body: string(body)}
		if len(reply) > 0 {
			sent.reply = string(word(reply))
		}
		if headers {
			sent.header = string(header)
		}
		line := sent.publish(headers)
		p := Parser{MaxControlLine: len(line), MaxPayload: len(line), Headers: headers}
		var op Op
		if n, err := p.Next(line, &op); n != len(line) || err != nil {
			t.Fatalf("%q: %d bytes taken, %v", line, n, err)
		}
		prefix := AppendPrefix(nil, op.Subject, []byte(sent.sid))
		framed := AppendMessage(nil, prefix, op.Reply, op.HeaderSize, op.Payload, true)
		if got := receive(t, framed); got != sent {
			t.Errorf("sent %+v\ngot  %+v", sent, got)
		}
		bare := sent
		bare.header = ""
		if got := receive(t, AppendMessage(nil, prefix, op.Reply, op.HeaderSize, op.Payload, false)); got != bare {
			t.Errorf("sent %+v\nwithout headers got %+v", bare, got)
		}
		if op.HeaderSize == 0 {
			prefix = prefix[1:]
		}
		switch byTail := append(prefix, op.Tail...); {
		case op.Tail == nil && !(headers && sent.header == ""):
			t.Errorf("%q has no tail", line)
		case op.Tail != nil && !bytes.Equal(byTail, framed):
			t.Errorf("by its tail %q, by its parts %q", byTail, framed)
		}
	})
}

// delivery is a message as its sender and its receiver see it.
type delivery struct{ subject, sid, reply, header, body string }

// publish writes the message as a client does.
func (d delivery) publish(headers bool) []byte {
	line := "PUB " + d.subject + " "
	if headers {
		line = "H" + line
	}
	if d.reply != "" {
		line += d.reply + " "
	}
	if headers {
		line += strconv.Itoa(len(d.header)) + " "
	}
	return fmt.Appendf(nil, "%s%d\r\n%s%s\r\n", line, len(d.header)+len(d.body), d.header, d.body)
}

// receive reads one MSG or HMSG, strictly as the grammar has it.
func receive(t *testing.T, b []byte) delivery {
	t.Helper()
	line, rest, ok := bytes.Cut(b, []byte(CRLF))
	fields := bytes.Split(line, []byte(" "))
	sizes := 1
	if string(fields[0]) == "HMSG" {
		sizes = 2
	} else if string(fields[0]) != "MSG" {
		t.Fatalf("%q is no message", b)
	}
	if !ok || len(fields) != 3+sizes && len(fields) != 4+sizes {
		t.Fatalf("%q has a bad line", b)
	}
	d := delivery{subject: string(fields[1]), sid: string(fields[2])}
	if len(fields) == 4+sizes {
		d.reply = string(fields[3])
	}
	total, header := number(t, fields[len(fields)-1]), 0
	if sizes == 2 {
		header = number(t, fields[len(fields)-2])
	}
	if header > total || len(rest) != total+len(CRLF) || string(rest[total:]) != CRLF {
		t.Fatalf("%q has a payload of another size", b)
	}
	d.header, d.body = string(rest[:header]), string(rest[header:total])
	return d
}

func number(t *testing.T, text []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 {
		t.Fatalf("%q is no size", text)
	}
	return n
}
