package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParseFrame(t *testing.T) {
	for name, test := range map[string]struct {
		bytes          string
		reply, payload string
		length         int
		more, bad      bool
	}{
		"plain":          {bytes: "MSG a.b 1 3\r\nxyz\r\n", payload: "xyz", length: 18},
		"reply":          {bytes: "MSG a 1 _INBOX.7 2\r\nok\r\n", reply: "_INBOX.7", payload: "ok", length: 24},
		"empty payload":  {bytes: "MSG a 1 0\r\n\r\n", length: 13},
		"another behind": {bytes: "MSG a 1 1\r\nx\r\nMSG a", payload: "x", length: 14},
		"half a line":    {bytes: "MSG a 1", more: true},
		"half a payload": {bytes: "MSG a 1 3\r\nxy", more: true},
		"no size":        {bytes: "MSG a 1 b\r\n", bad: true},
		"negative size":  {bytes: "MSG a 1 -5\r\n", bad: true},
		"another verb":   {bytes: "-ERR 'Slow Consumer'\r\n", bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			f, ok, err := parseFrame([]byte(test.bytes))
			if bad := errors.Is(err, errProtocol); bad != test.bad {
				t.Fatalf("error %v, want one: %v", err, test.bad)
			}
			if want := !test.more && !test.bad; ok != want {
				t.Fatalf("whole frame: %v, want %v", ok, want)
			}
			if ok && (string(f.reply) != test.reply || string(f.payload) != test.payload || f.length != test.length) {
				t.Errorf("got reply %q, payload %q, length %d", f.reply, f.payload, f.length)
			}
		})
	}
}

func FuzzParseFrame(f *testing.F) {
	f.Add([]byte("MSG a.b 1 3\r\nxyz\r\n"))
	f.Add([]byte("MSG a 1 r 9999999999999999999\r\n"))
	f.Add([]byte("MSG \n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok, err := parseFrame(b)
		if ok && err != nil {
			t.Errorf("a frame together with the error %v", err)
		}
		if ok && (got.length > len(b) || got.length < len(got.payload)) {
			t.Errorf("a frame of %d bytes out of %d", got.length, len(b))
		}
	})
}

// pipe returns a raw connection and the other end of it.
func pipe(t *testing.T) (mine, theirs rawConn) {
	t.Helper()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs = rawConn{ends[0]}, rawConn{ends[1]}
	t.Cleanup(mine.close)
	t.Cleanup(theirs.close)
	return mine, theirs
}

func TestFrameReaderPassesOverOtherVerbs(t *testing.T) {
	mine, theirs := pipe(t)
	if err := theirs.write([]byte("INFO {}\r\nPING\r\nMSG a 1 1\r\nx\r\n")); err != nil {
		t.Fatal(err)
	}
	r := newFrameReader(mine)
	f, err := r.next()
	if err != nil || string(f.payload) != "x" {
		t.Errorf("payload %q, error %v", f.payload, err)
	}
	buf := make([]byte, 16)
	n, err := theirs.read(buf)
	if err != nil || string(buf[:n]) != "PONG\r\n" {
		t.Errorf("the PING was answered with %q, %v", buf[:n], err)
	}
}

// A responder must not keep an answer back for something that is no request.
func TestAnswerBeforePing(t *testing.T) {
	mine, theirs := pipe(t)
	a := &rawAgent{conn: mine, listens: true}
	a.spawn(a.answer)
	if err := theirs.write([]byte("MSG a 1 r 1\r\nx\r\nPING\r\n")); err != nil {
		t.Fatal(err)
	}
	const want = "PONG\r\nPUB r 1\r\nx\r\n"
	got := make([]byte, 0, 64)
	for len(got) < len(want) {
		n, err := theirs.read(got[len(got):cap(got)])
		if err != nil {
			t.Fatal(err)
		}
		got = got[:len(got)+n]
	}
	if string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	theirs.shutdown()
	<-a.done
}

func TestFrameReaderReportsErrors(t *testing.T) {
	mine, theirs := pipe(t)
	if err := theirs.write([]byte("-ERR 'Permissions Violation'\r\n")); err != nil {
		t.Fatal(err)
	}
	_, err := newFrameReader(mine).next()
	if !errors.Is(err, errProtocol) || !strings.Contains(err.Error(), "Permissions Violation") {
		t.Errorf("error %v", err)
	}
}

func TestBlocks(t *testing.T) {
	subjects := numbered("s.%05d", 2_000)
	var all []byte
	frames := int64(0)
	for _, b := range blocks(subjects, 128) {
		if len(b.bytes) < writeSize {
			t.Errorf("a block of %d bytes", len(b.bytes))
		}
		if got := int64(bytes.Count(b.bytes, []byte("PUB "))); got != b.frames {
			t.Errorf("a block says %d frames and has %d", b.frames, got)
		}
		all = append(all, b.bytes...)
		frames += b.frames
	}
	if frames < int64(len(subjects)) {
		t.Errorf("%d frames for %d subjects", frames, len(subjects))
	}
	for _, s := range subjects {
		if !bytes.Contains(all, []byte("PUB "+s+" 128\r\n")) {
			t.Fatalf("no frame for %s", s)
		}
	}
}
