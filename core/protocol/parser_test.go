package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// limited is the parser of the tests: small limits, headers allowed.
var limited = Parser{MaxControlLine: 24, MaxPayload: 40, Headers: true}

const headerBlock = "NATS/1.0\r\nA: B\r\n\r\n" // 18 bytes

// field renders a part of an operation; one that is absent is not an empty one.
func field(b []byte) string {
	if b == nil {
		return "-"
	}
	return fmt.Sprintf("%q", b)
}

// render writes an operation with the members its kind has.
func render(op *Op) string {
	switch op.Kind {
	case Pub, HPub:
		name := map[Kind]string{Pub: "pub", HPub: "hpub"}[op.Kind]
		return fmt.Sprintf("%s %s reply %s header %d payload %s tail %s",
			name, field(op.Subject), field(op.Reply), op.HeaderSize, field(op.Payload), field(op.Tail))
	case Sub:
		return fmt.Sprintf("sub %s queue %s sid %s", field(op.Subject), field(op.Queue), field(op.SID))
	case Unsub:
		return fmt.Sprintf("unsub %s max %d", field(op.SID), op.Max)
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	case OK:
		return "ok"
	case Connect:
		return fmt.Sprintf("connect %q", op.Arg)
	case Err:
		return fmt.Sprintf("err %q", op.Arg)
	case Info:
		return fmt.Sprintf("info %q", op.Arg)
	}
	return fmt.Sprintf("kind %d", op.Kind)
}

// acceptance is an operation and what it is read as.
type acceptance struct{ name, in, want string }

var accepted = []acceptance{
	{"pub", "PUB foo 5\r\nhello\r\n", `pub "foo" reply - header 0 payload "hello" tail "5\r\nhello\r\n"`},
	{"pub in lower case", "pub foo 0\r\n\r\n", `pub "foo" reply - header 0 payload "" tail "0\r\n\r\n"`},
	{"pub in mixed case", "pUb foo 0\r\n\r\n", `pub "foo" reply - header 0 payload "" tail "0\r\n\r\n"`},
	{"pub with a reply", "PUB foo _R.1 2\r\nhi\r\n", `pub "foo" reply "_R.1" header 0 payload "hi" tail "_R.1 2\r\nhi\r\n"`},
	{"pub with two blanks before the subject", "PUB  foo 2\r\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail "2\r\nhi\r\n"`},
	{"pub with two blanks before the size", "PUB foo  2\r\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail "2\r\nhi\r\n"`},
	{"pub with two blanks behind the reply", "PUB foo r  2\r\nhi\r\n", `pub "foo" reply "r" header 0 payload "hi" tail -`},
	{"pub with a tab behind the reply", "PUB foo r\t2\r\nhi\r\n", `pub "foo" reply "r" header 0 payload "hi" tail -`},
	{"pub with tabs", "PUB\t\tfoo\t 2\r\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail "2\r\nhi\r\n"`},
	{"pub with a blank at the end", "PUB foo 2 \r\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail -`},
	{"pub with a bare LF", "PUB foo 2\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail -`},
	{"pub with a blank and a bare LF", "PUB foo 2 \nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail -`},
	{"pub with a size of nine digits", "PUB foo 000000002\r\nhi\r\n", `pub "foo" reply - header 0 payload "hi" tail "000000002\r\nhi\r\n"`},
	{"pub with line ends in its payload", "PUB foo 4\r\n\r\n\r\n\r\n", `pub "foo" reply - header 0 payload "\r\n\r\n" tail "4\r\n\r\n\r\n\r\n"`},
	{"pub with raw bytes", "PUB \x00\xff\x0b\x0c 1\r\n\x00\r\n", `pub "\x00\xff\v\f" reply - header 0 payload "\x00" tail "1\r\n\x00\r\n"`},
	{"pub of the largest payload", "PUB foo 40\r\n" + strings.Repeat("x", 40) + "\r\n",
		fmt.Sprintf(`pub "foo" reply - header 0 payload "%s" tail "40\r\n%[1]s\r\n"`, strings.Repeat("x", 40))},
	{"pub with the longest line", "PUB " + strings.Repeat("s", 22) + " 0\r\n\r\n",
		fmt.Sprintf(`pub "%s" reply - header 0 payload "" tail "0\r\n\r\n"`, strings.Repeat("s", 22))},
	{"pub with the longest line of trailing blanks", "PUB a 0" + strings.Repeat(" ", 21) + "\n\r\n",
		`pub "a" reply - header 0 payload "" tail -`},
	{"blanks before the arguments do not count", "PUB " + strings.Repeat(" ", 100) + "a 0\r\n\r\n",
		`pub "a" reply - header 0 payload "" tail "0\r\n\r\n"`},
	{"hpub", "HPUB foo 18 20\r\n" + headerBlock + "hi\r\n",
		`hpub "foo" reply - header 18 payload "NATS/1.0\r\nA: B\r\n\r\nhi" tail "18 20\r\nNATS/1.0\r\nA: B\r\n\r\nhi\r\n"`},
	{"hpub in mixed case with a reply", "hPuB foo r 18 18\r\n" + headerBlock + "\r\n",
		`hpub "foo" reply "r" header 18 payload "NATS/1.0\r\nA: B\r\n\r\n" tail "r 18 18\r\nNATS/1.0\r\nA: B\r\n\r\n\r\n"`},
	{"hpub without a header", "HPUB foo 0 2\r\nhi\r\n", `hpub "foo" reply - header 0 payload "hi" tail -`},
	{"hpub with two blanks between the sizes", "HPUB foo 1  2\r\nhi\r\n", `hpub "foo" reply - header 1 payload "hi" tail -`},
	{"hpub with a tab between the sizes", "HPUB\tfoo 1\t2\r\nhi\r\n", `hpub "foo" reply - header 1 payload "hi" tail -`},
	{"hpub with tabs before the sizes", "HPUB\tfoo\t\t1 2\r\nhi\r\n", `hpub "foo" reply - header 1 payload "hi" tail "1 2\r\nhi\r\n"`},
	{"sub", "SUB foo.* 1\r\n", `sub "foo.*" queue - sid "1"`},
	{"sub with a queue", "sUB foo workers 17\r\n", `sub "foo" queue "workers" sid "17"`},
	{"sub with blanks and a bare LF", "SUB \tfoo  1 \t\n", `sub "foo" queue - sid "1"`},
	{"sub with an odd sid", "SUB foo \x00,;\xff\r\n", `sub "foo" queue - sid "\x00,;\xff"`},
	{"sub with the longest line", "SUB foo " + strings.Repeat("9", 20) + "\r\n", `sub "foo" queue - sid "` + strings.Repeat("9", 20) + `"`},
	{"unsub", "UNSUB 1\r\n", `unsub "1" max 0`},
	{"unsub with a count", "unsub 1 5\r\n", `unsub "1" max 5`},
	{"unsub with a blank at the end", "UNSUB 1 \r\n", `unsub "1" max 0`},
	{"unsub with a count of nine digits", "UNSUB 1 999999999\r\n", `unsub "1" max 999999999`},
	{"unsub with an unreadable count", "UNSUB 1 -5\r\n", `unsub "1" max 0`},
	{"unsub with a count of ten digits", "UNSUB 1 0000000005\r\n", `unsub "1" max 0`},
	{"ping", "PING\r\n", "ping"},
	{"ping with a bare LF", "ping\n", "ping"},
	{"ping with text", "PiNG or pong, over any limit of arguments\r\n", "ping"},
	{"ping with text right behind it", "PINGS\r\r\n", "ping"},
	{"pong", "PONG\r\n", "pong"},
	{"pong with text", "pong " + strings.Repeat("x", 100) + "\n", "pong"},
	{"ok", "+OK\r\n", "ok"},
	{"ok with text", "+ok then, over any limit of arguments\r\n", "ok"},
	{"connect", "CONNECT {\"a\":1}\r\n", `connect "{\"a\":1}"`},
	{"connect without a blank", "Connect{}\r\n", `connect "{}"`},
	{"connect with blanks", "connect \t{ } \t\n", `connect "{ }"`},
	{"connect with nothing", "CONNECT\r\n", `connect ""`},
	{"err", "-ERR 'Some Text' \r\n", `err "'Some Text'"`},
	{"err in lower case", "-err\tx\n", `err "x"`},
	{"info", "INFO {} \r\n", `info "{}"`},
	{"info without a blank", "info{}\n", `info "{}"`},
}

// What is well-formed is read the same with anything behind it, and not before
// it is whole.
func TestNextAccepts(t *testing.T) {
	for _, a := range accepted {
		t.Run(a.name, func(t *testing.T) {
			for _, behind := range []string{"", "PUB x 1\r\n", "?\r\n", "\n"} {
				var op Op
				n, err := limited.Next([]byte(a.in+behind), &op)
				if n != len(a.in) || err != nil {
					t.Fatalf("%d of %d bytes taken with %q behind them, %v", n, len(a.in), behind, err)
				}
				if got := render(&op); got != a.want {
					t.Errorf("got  %s\nwant %s", got, a.want)
				}
			}
			for i := range len(a.in) {
				if n, err := limited.Next([]byte(a.in[:i]), new(Op)); n != 0 || err != nil {
					t.Errorf("%q: %d bytes taken, %v", a.in[:i], n, err)
				}
			}
		})
	}
}

var refused = []struct {
	name, in string
	err      error
	early    bool // known before the last byte of in
}{
	{name: "an empty line", in: "\r\n", err: ErrUnknownOperation, early: true},
	{name: "a blank before the verb", in: " PING\r\n", err: ErrUnknownOperation, early: true},
	{name: "no such verb", in: "PUT x\r\n", err: ErrUnknownOperation, early: true},
	{name: "a server's verb", in: "MSG a 1 0\r\n", err: ErrUnknownOperation, early: true},
	{name: "a route's verb", in: "RS+ a b\r\n", err: ErrUnknownOperation, early: true},
	{name: "connect misspelt", in: "CONNECX", err: ErrUnknownOperation},
	{name: "pub and no blank", in: "PUB\r", err: ErrUnknownOperation},
	{name: "hpub and no blank", in: "HPUBx", err: ErrUnknownOperation},
	{name: "sub and no blank", in: "SUBS", err: ErrUnknownOperation},
	{name: "unsub and no blank", in: "UNSUB\n", err: ErrUnknownOperation},
	{name: "err and no blank", in: "-ERR\r", err: ErrUnknownOperation},
	{name: "a letter of no alphabet", in: "\x30UB a 0\r\n", err: ErrUnknownOperation, early: true},

	{name: "pub without arguments", in: "PUB \r\n", err: ErrArguments},
	{name: "pub with one argument", in: "PUB foo\r\n", err: ErrArguments},
	{name: "pub with four arguments", in: "PUB a b c 1\r\n", err: ErrArguments},
	{name: "pub with seven arguments", in: "PUB a b c d e f 1\r\n", err: ErrArguments},
	{name: "pub with a negative size", in: "PUB a -1\r\n", err: ErrArguments},
	{name: "pub with a signed size", in: "PUB a +1\r\n", err: ErrArguments},
	{name: "pub with a hexadecimal size", in: "PUB a 0x1\r\n", err: ErrArguments},
	{name: "pub with a size of ten digits", in: "PUB a 0000000001\r\n", err: ErrArguments},
	{name: "pub with a CR in its subject", in: "PUB a\rb 1\r\n", err: ErrArguments},
	{name: "pub with a CR behind its size", in: "PUB a 1\r\r\n", err: ErrArguments},
	{name: "pub with a CR and a blank behind its size", in: "PUB a 1\r \r\n", err: ErrArguments},
	{name: "hpub with two arguments", in: "HPUB a 1\r\n", err: ErrArguments},
	{name: "hpub with five arguments", in: "HPUB a b c 1 2\r\n", err: ErrArguments},
	{name: "hpub with six arguments", in: "HPUB a b c d 1 2\r\n", err: ErrArguments},
	{name: "hpub with an unreadable header size", in: "HPUB a x 2\r\n", err: ErrArguments},
	{name: "hpub with an unreadable size", in: "HPUB a 1 x\r\n", err: ErrArguments},
	{name: "hpub with a header longer than all", in: "HPUB a 3 2\r\n", err: ErrArguments},
	{name: "sub without arguments", in: "SUB \r\n", err: ErrArguments},
	{name: "sub with one argument", in: "SUB foo\r\n", err: ErrArguments},
	{name: "sub with four arguments", in: "SUB a b c d\r\n", err: ErrArguments},
	{name: "sub with a CR in its subject", in: "SUB a\rb 1\r\n", err: ErrArguments},
	{name: "sub with a CR behind its sid", in: "SUB a 1\r\r\n", err: ErrArguments},
	{name: "unsub without arguments", in: "UNSUB \r\n", err: ErrArguments},
	{name: "unsub with three arguments", in: "UNSUB 1 2 3\r\n", err: ErrArguments},
	{name: "unsub with a CR in its sid", in: "UNSUB 1\r1\r\n", err: ErrArguments},

	{name: "a pub line too long", in: "PUB " + strings.Repeat("s", 25), err: ErrControlLine},
	{name: "a whole pub line too long", in: "PUB " + strings.Repeat("s", 23) + " 0\r\n", err: ErrControlLine, early: true},
	{name: "a pub line too long by its trailing blanks", in: "PUB a 0" + strings.Repeat(" ", 22), err: ErrControlLine},
	{name: "a pub line too long with too many arguments", in: "PUB " + strings.Repeat("a ", 13) + "\r\n", err: ErrControlLine, early: true},
	{name: "a pub line too long with a CR in it", in: "PUB a\r" + strings.Repeat("b", 23) + "\r\n", err: ErrControlLine, early: true},
	{name: "an hpub line too long", in: "HPUB " + strings.Repeat("s", 25), err: ErrControlLine},
	{name: "a sub line too long", in: "SUB " + strings.Repeat("s", 25), err: ErrControlLine},
	{name: "a whole sub line too long", in: "SUB foo " + strings.Repeat("9", 21) + "\r\n", err: ErrControlLine, early: true},
	{name: "an unsub line too long", in: "UNSUB \t" + strings.Repeat("1", 25), err: ErrControlLine},
	{name: "a connect line too long", in: "CONNECT " + strings.Repeat("{", 25), err: ErrControlLine},
	{name: "an info line too long", in: "INFO " + strings.Repeat("{", 25), err: ErrControlLine},
	{name: "an err line too long", in: "-ERR " + strings.Repeat("x", 25), err: ErrControlLine},
	{name: "a CR that ends no line", in: "SUB " + strings.Repeat("s", 24) + "\rs", err: ErrControlLine},

	{name: "a payload too short", in: "PUB a 3\r\nhi\r\n.", err: ErrUnknownOperation, early: true},
	{name: "a payload too long", in: "PUB a 1\r\nhi", err: ErrUnknownOperation},
	{name: "a payload with a bare LF", in: "PUB a 2\r\nhi\n", err: ErrUnknownOperation},
	{name: "a payload with a bare CR", in: "PUB a 2\r\nhi\r.", err: ErrUnknownOperation},
	{name: "an empty payload without its end", in: "PUB a 0\r\nP", err: ErrUnknownOperation},
	{name: "an hpub payload too long", in: "HPUB a 1 1\r\nhi", err: ErrUnknownOperation},
}

// Malformed bytes get the same error however few of those behind the fault have
// come, and none before it.
func TestNextRefuses(t *testing.T) {
	for _, r := range refused {
		t.Run(r.name, func(t *testing.T) {
			at := len(r.in) + 1 // first length that is refused
			for i := range len(r.in) + 1 {
				n, err := limited.Next([]byte(r.in[:i]), new(Op))
				if n != 0 {
					t.Fatalf("%q: %d bytes taken", r.in[:i], n)
				}
				if err != nil {
					at = min(at, i)
				}
				if i >= at && err != r.err {
					t.Fatalf("%q: %v, want %v", r.in[:i], err, r.err)
				}
			}
			switch {
			case at > len(r.in):
				t.Error("not refused")
			case !r.early && at < len(r.in):
				t.Errorf("refused already at %q", r.in[:at])
			case r.early && at == len(r.in):
				t.Error("refused at the last byte only")
			}
		})
	}
}

// An announced payload is refused before it comes.
func TestNextPayloadLimit(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		size  int // 0: accepted
	}{
		{"PUB a 40\r\n", 40, 0},
		{"PUB a 41\r\n", 40, 41},
		{"PUB a r 999999999\r\n", 40, 999999999},
		{"HPUB a 18 40\r\n", 40, 0},
		{"HPUB a 18 41\r\n", 40, 41},
		{"PUB a 0\r\n", 0, 0},
		{"PUB a 1\r\n", 0, 1},
		{"PUB a 999999999\r\n", -1, 0},
	} {
		p := limited
		p.MaxPayload = c.limit
		n, err := p.Next([]byte(c.in), new(Op))
		var refusal *PayloadError
		switch {
		case n != 0:
			t.Errorf("%q: %d bytes taken", c.in, n)
		case c.size == 0 && err != nil:
			t.Errorf("%q with limit %d: %v", c.in, c.limit, err)
		case c.size > 0 && (!errors.As(err, &refusal) || *refusal != PayloadError{Size: c.size, Limit: c.limit}):
			t.Errorf("%q with limit %d: %v", c.in, c.limit, err)
		}
	}
	if got := (&PayloadError{Size: 41, Limit: 40}).Error(); got != "maximum payload exceeded: 41 vs 40" {
		t.Errorf("the error reads %q", got)
	}
}

func TestNextWithoutHeaders(t *testing.T) {
	p := limited
	p.Headers = false
	for in, want := range map[string]error{
		"HPUB a 1 2\r\nhi\r\n": ErrHeaders,
		"HPUB a\r\n":           ErrHeaders,
		"HPUB a 1 2":           nil,
		"HPUB " + strings.Repeat("a", 25) + " 0 0\n": ErrControlLine,
	} {
		if n, err := p.Next([]byte(in), new(Op)); n != 0 || err != want {
			t.Errorf("%q: %d, %v, want %v", in, n, err, want)
		}
	}
}

// What means nothing and counts for no limit does not go on for ever.
func TestNextIgnoresNoMoreThanReason(t *testing.T) {
	for _, c := range []struct{ verb, fill, end string }{
		{"PING", "x", "\r\n"}, {"PONG", " ", "\n"}, {"+OK", "\r", "\r\n"},
		{"PUB ", " ", "a 0\r\n\r\n"}, {"HPUB ", "\t", "a 0 0\r\n\r\n"}, {"SUB ", " ", "a 1\r\n"},
		{"UNSUB ", " ", "1\r\n"}, {"CONNECT", "\t", "{}\r\n"}, {"INFO", " ", "{}\n"}, {"-ERR ", " ", "x\n"},
	} {
		eol := strings.IndexByte(c.end, '\n')
		if c.fill != " " && c.fill != "\t" || c.verb == "PONG" {
			c.fill = strings.Repeat(c.fill, maxIgnored-len(c.verb)-eol)
		} else {
			c.fill = strings.Repeat(c.fill, maxIgnored-len(c.verb))
		}
		most := c.verb + c.fill + c.end
		if n, err := limited.Next([]byte(most), new(Op)); n != len(most) || err != nil {
			t.Errorf("%q and all that may be ignored: %d, %v", c.verb, n, err)
		}
		more := c.verb + c.fill + c.fill[:1] + c.end
		if _, err := limited.Next([]byte(more), new(Op)); err != ErrControlLine {
			t.Errorf("%q and one more byte than may be ignored: %v", c.verb, err)
		}
		endless := c.verb + strings.Repeat(c.fill[:1], maxIgnored)
		if _, err := limited.Next([]byte(endless), new(Op)); err != ErrControlLine {
			t.Errorf("%q without an end: %v", c.verb, err)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{"", 1},
		{"P", 2},
		{"PUB", 4},
		{"PUB foo 5", 10},
		{"PUB foo 5\r", 11},
		{"PUB foo 5\r\n", 18},
		{"pub foo 5\n", 17},
		{"PUB foo 5\r\nhell", 18},
		{"PUB foo 5\r\nhello\r", 18},
		{"PUB\tfoo  r 5\r\n", 21},
		{"PUB foo 0\r\n", 13},
		{"HPUB foo 18 20\r\n", 38},
		{"HPUB foo r 18 20\r\nNATS", 40},
		{"SUB foo", 8},
		{"PING", 5},
		{"CONNECT {", 10},
		// Next refuses these, whatever is asked of Missing.
		{"PUB foo x\r\n", 12},
		{"PUB foo\r\n", 10},
		{"nonsense", 9},
	} {
		if got := limited.Missing([]byte(c.in)); got != c.want {
			t.Errorf("Missing(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

// Of every well-formed publish, Missing knows the length from its line on.
func TestMissingIsExact(t *testing.T) {
	for _, a := range accepted {
		line := strings.IndexByte(a.in, '\n') + 1
		for i := range len(a.in) {
			got := limited.Missing([]byte(a.in[:i]))
			if i >= line && got != len(a.in) || got <= i || got > len(a.in) {
				t.Errorf("Missing(%q) = %d; the operation has %d bytes", a.in[:i], got, len(a.in))
			}
		}
	}
}

// An operation's parts are the parsed bytes themselves.
func TestNextCopiesNothing(t *testing.T) {
	for _, a := range accepted {
		b := []byte(a.in)
		var op Op
		if _, err := limited.Next(b, &op); err != nil {
			t.Fatal(err)
		}
		for i := range b {
			b[i] = '~'
		}
		for _, part := range [][]byte{op.Arg, op.Subject, op.Reply, op.Queue, op.SID, op.Payload, op.Tail} {
			if len(bytes.Trim(part, "~")) > 0 {
				t.Errorf("%s: %q is a copy", a.name, part)
			}
		}
	}
}
