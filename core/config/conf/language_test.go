package conf

import (
	"fmt"
	"strings"
	"testing"
)

// TestLanguage holds the rules of docs/compatibility/02-config-cli-daemon.md,
// configuration language, by the lines of its checklist.
func TestLanguage(t *testing.T) {
	for _, line := range []struct {
		name  string
		rules []rule
	}{
		{name: "spec 02 #1", rules: []rule{
			{text: "a=1\nb:2\nc 3", json: `{"a":1,"b":2,"c":3}`},
			{text: "a=1;b:2,c 3", json: `{"a":1,"b":2,"c":3}`},
			{text: "m {a=1\nb:2\nc 3}", json: `{"m":{"a":1,"b":2,"c":3}}`},
			{text: "m {a=1;b:2,c 3}", json: `{"m":{"a":1,"b":2,"c":3}}`},
			{text: "a \n = 1\nb\n2", json: `{"a":1,"b":2}`},
			{text: "m {a=\n1, b\n=\n\n2}", json: `{"m":{"a":1,"b":2}}`},
			{text: "a=\n1", failure: "Parse error on line 2: 'Expected value but found new line'"},
			{text: "a==1\nb::1", json: `{"a":"=1","b":":1"}`},
			{text: "=1", failure: onLine1("Unexpected key separator '='")},
			{text: "m {:1}", failure: onLine1("Unexpected key separator ':'.")},
			{text: "a=,b=;c=", json: `{"a":"","b":"","c":""}`},
			{text: "m {a=,b=1}", failure: onLine1(`Unexpected map value terminator ",".`)},
			{text: "m {a }", failure: onLine1(`Unexpected map value terminator "}".`)},
			{text: "m {a=1 b=2}", failure: junkInMap("b")},
			{text: "m {a=1", failure: junkInMap("\x00")},
			{text: "m {a=1\n", failure: "Parse error on line 2: 'Unexpected EOF processing map.'"},
			{text: "m {a", failure: onLine1("Unexpected EOF processing map key.")},
			{text: `m {"a`, failure: onLine1("Unexpected EOF processing double quoted map key.")},
			{text: `m {'a`, failure: onLine1("Unexpected EOF processing quoted map key.")},
			{text: "m {]}", failure: onLine1("Unexpected array end ']' processing map.")},
			{text: `m {a="x"/b=2 / c=3}`, json: `{"m":{"a":"x","b":2,"c":3}}`},
		}},
		{name: "spec 02 #2", rules: []rule{
			{text: "# x\na=1 # x\n// x\nb=2 // x", json: `{"a":1,"b":2}`},
			{text: "a=\"x\"# x\nb='y'// y\nc=\"z\"", json: `{"a":"x","b":"y","c":"z"}`},
			{text: "m { # x\n a=1 // x\n}", json: `{"m":{"a":1}}`},
			{text: "a=[ # x\n 1, // x\n 2 # x\n]", json: `{"a":[1,2]}`},
			{text: "u=nats://h:1\nv=x#y", json: `{"u":"nats://h:1","v":"x#y"}`},
			{text: "a=#x\nb=//x", json: `{"a":"#x","b":"//x"}`},
			{text: "a=1 #x\rb=2", json: `{"a":1,"b":2}`},
		}},
		{name: "spec 02 #3", rules: []rule{
			{text: "a=1# c", failure: junkAtRoot("c")},
			{text: "a=1// c", failure: junkAtRoot("c")},
			{text: `a="x"#c`, json: `{"a":"x"}`},
			{text: "a=x y", failure: junkAtRoot("y")},
		}},
		{name: "spec 02 #4", rules: []rule{
			{text: "{a=1}", json: `{"a":1}`},
			{text: "{a=1}{b=2}\n{c=3} d=4", json: `{"a":1,"b":2,"c":3,"d":4}`},
			{text: "{ {a=1}, b=2, {c=3} }", json: `{"a":1,"b":2,"c":3}`},
			{text: "a=1 }\nb=2", json: `{"a":1,"b":2}`},
			{text: "a=1\n}\nb=2", json: `{"a":1,"b":2}`},
			{text: "{a=1}}", json: `{"a":1}`},
			{text: "{a=1 b}", failure: onLine1("Expected a block-level value to end with a new line, comment or EOF, but got 'b' instead.")},
			{text: "{{a=1} b=2}", failure: onLine1("Expected a block-level to end with a '}', but got 'b' instead.")},
			{text: "{a=\n1}", failure: "Parse error on line 2: 'Expected value but found new line'"},
			{text: "{\x00}", failure: onLine1("Unexpected EOF.")},
		}},
		{name: "spec 02 #5", rules: []rule{
			{text: `{"a": {"b": [1.5, -2, "x", true, 3]}, "c": {}, "d": [],}`, json: `{"a":{"b":[1.5,-2,"x",true,3]},"c":{},"d":[]}`},
			{text: "{\n  \"a\": [\n    {\"b\": 1},\n    {\"b\": 2,},\n  ],\n}\n", json: `{"a":[{"b":1},{"b":2}]}`},
			{text: `{"a": null, "b": 1e3}`, json: `{"a":"null","b":"1e3"}`},
		}},
		{name: "spec 02 #6", rules: []rule{
			{text: "foo{bar:1}", json: `{"foo{bar":1}`},
			{text: "foo {bar:1}", json: `{"foo":{"bar":1}}`},
			{text: "foo:{bar:1}", json: `{"foo":{"bar":1}}`},
			{text: "a.b.c=1\n$x=2\n-a=3\nx[1 4", json: `{"$x":2,"-a":3,"a.b.c":1,"x[1":4}`},
		}},
		{name: "spec 02 #7", rules: []rule{
			{text: "\"a b\"=1\n'c d' 2\n\"e\"3", json: `{"a b":1,"c d":2,"e":3}`},
			{text: `"a\n"=1`, json: `{"a\\n":1}`},
			{text: "a=1\nA=2\na=3", json: `{"A":2,"a":3}`},
			{text: "m {a=1;a=2}", json: `{"m":{"a":2}}`},
			{text: `"a`, failure: onLine1("Unexpected EOF.")},
		}},
		{name: "spec 02 #8", rules: []rule{
			{text: `a="\t\n\r\"\\\x41"`, json: `{"a":"\t\n\r\"\\A"}`},
			{text: `a=b\t\n\r\"\\\x41b`, json: `{"a":"b\t\n\r\"\\Ab"}`},
			{text: `a='\t\x41"'`, json: `{"a":"\\t\\x41\""}`},
			{text: `a="\xe2\x82\xac"`, json: `{"a":"€"}`},
			{text: "a=\"x\ny\"\nb='x\ny'", json: `{"a":"x\ny","b":"x\ny"}`},
			{text: `a=C:\nats`, json: `{"a":"C:\nats"}`},
			{text: `a=C:\data`, failure: badEscape("d")},
			{text: `a="\u0041"`, failure: badEscape("u")},
			{text: `a="\`, failure: badEscape("\x00")},
			{text: "a=\"\\\n\"", failure: strings.Replace(badEscape(`\n`), "line 1", "line 2", 1)},
			{text: `a="\x4g"`, failure: onLine1(`Expected two hexadecimal digits after '\x', but got '4g'`)},
			{text: `a=\x+4`, failure: onLine1(`Expected two hexadecimal digits after '\x', but got '+4'`)},
			{text: `a=\x4`, failure: onLine1(`Expected two hexadecimal digits after '\x', but got 'x4'`)},
			{text: "a=\\x4\r", failure: onLine1(`Expected two hexadecimal digits after '\x', but hit end of line`)},
			{text: `a="x`, failure: onLine1("Unexpected EOF.")},
			{text: `a='x`, failure: onLine1("Unexpected EOF.")},
		}},
		{name: "spec 02 #9", rules: []rule{
			{text: "a=x y", failure: junkAtRoot("y")},
			{text: "a=x\tb=1", failure: junkAtRoot("b")},
			{text: "a=x,b=y;c=z\nd=w", json: `{"a":"x","b":"y","c":"z","d":"w"}`},
			{text: "a=[x]\nm {b=y}", json: `{"a":["x"],"m":{"b":"y"}}`},
			{text: `a=x"#=:()/$y`, json: `{"a":"x\"#=:()/$y"}`},
			{text: "a=x'\nb=true'\nc=$d'", json: `{"a":"x","b":"true","c":"$d"}`},
		}},
		{name: "spec 02 #10", rules: []rule{
			{text: "a (\nx\n (y)\n )\n)\nb=1", json: `{"a":"\nx\n (y)\n )\n","b":1}`},
			{text: "a (x\n)\n", json: `{"a":"x\n"}`},
			{text: "a=(\nx\n)", json: `{"a":"\nx\n)"}`},
			{text: "m {a (\nx\n)\n}", json: `{"m":{"a":"\nx\n"}}`},
			{text: "a (\nx\n)\r\n)\n", json: `{"a":"\nx\n)\r\n"}`},
			{text: "a (\nx\n) b", failure: "Parse error on line 3: 'Unexpected EOF processing block.'"},
			{text: "a (x)", failure: onLine1("Unexpected EOF processing block.")},
			{text: "a (\x00\n)\n", failure: "Parse error on line 3: 'Unexpected EOF processing block.'"},
		}},
		{name: "spec 02 #11", rules: []rule{
			{text: "a=[true, TRUE, yes, Yes, on, oN]", json: `{"a":[true,true,true,true,true,true]}`},
			{text: "a=[false, no, off, OFF]", json: `{"a":[false,false,false,false]}`},
			{text: `a=["true", 'yes', \x6fn, t, enabled, 1 ]`, json: `{"a":["true","yes","on","t","enabled",1]}`},
		}},
		{name: "spec 02 #12", rules: suffixRules()},
		{name: "spec 02 #13", rules: []rule{
			{text: "a=010\nb=0x1F\nc=1_000\nd=+5\ne=-0", json: `{"a":10,"b":"0x1F","c":"1_000","d":"+5","e":0}`},
		}},
		{name: "spec 02 #14", rules: []rule{
			{text: "a=[3xyz, 10s, 1ms, 1m30s, 5e7bcd, 4kk, 5%, 1:2, 8m4, 1Ghz, 1kbb]", json: `{"a":["3xyz","10s","1ms","1m30s","5e7bcd","4kk","5%","1:2","8m4","1Ghz","1kbb"]}`},
			{text: "a=2m\nb=-4kk", json: `{"a":2000000,"b":"-4kk"}`},
			{text: `a=3x\ty` + "\nb=7;c=7]", json: `{"a":"3x\ty","b":7,"c":"7]"}`},
			{text: "a=-1s", failure: junkAtRoot("s")},
			{text: "a=-x", failure: onLine1("Expected a digit but got 'x'.")},
			{text: "a=-\n", failure: `Parse error on line 2: 'Expected a digit but got '\n'.'`},
		}},
		{name: "spec 02 #15", rules: []rule{
			{text: "a=127.0.0.1:4222\nb=1.0.0.1-5", json: `{"a":"127.0.0.1:4222","b":"1.0.0.1-5"}`},
			{text: "a=10.0.0.0/8", failure: junkAtRoot("8")},
			{text: "a=1.2.x", failure: junkAtRoot("x")},
			{text: `a="10.0.0.0/8"`, json: `{"a":"10.0.0.0/8"}`},
		}},
		{name: "spec 02 #16", rules: []rule{
			{text: "a=1.5\nb=-0.25\nc=1.0", json: `{"a":1.5,"b":-0.25,"c":1}`},
			{text: "a=.5", failure: onLine1("Floats must start with a digit")},
			{text: "a=1.", failure: onLine1("Floats must have a digit after the '.', but got '\x00' instead.")},
			{text: "a=1.x", failure: onLine1("Floats must have a digit after the '.', but got 'x' instead.")},
			{text: "a=1.5s", failure: junkAtRoot("s")},
			{text: "a=1.5e3", failure: junkAtRoot("e")},
			{text: "a=1" + strings.Repeat("0", 400) + ".5", failure: "float '1" + strings.Repeat("0", 400) + ".5' is out of the range"},
		}},
		{name: "spec 02 #17", rules: []rule{
			{text: "a=2016-05-04T18:53:41Z", json: `{"a":"2016-05-04T18:53:41Z"}`},
			{text: "a=201-05", failure: onLine1("All ISO8601 dates must be in full Zulu form.")},
			{text: "a=20160-05", failure: onLine1("All ISO8601 dates must be in full Zulu form.")},
			{text: "a=2016-x", failure: onLine1("Expected digit in ISO8601 datetime, but found 'x' instead.")},
			{text: "a=2016-05-04", failure: onLine1("Expected 'T' in ISO8601 datetime, but found '\x00' instead.")},
			{text: "a=2016-05-04T18:53:41+02:00", failure: onLine1("Expected 'Z' in ISO8601 datetime, but found '+' instead.")},
			{text: "a=2016-13-04T18:53:41Z", failure: "expected Zulu formatted DateTime, but got '2016-13-04T18:53:41Z'"},
		}},
		{name: "spec 02 #18", rules: []rule{
			{text: "a=9223372036854775807\nb=-9223372036854775808", json: `{"a":9223372036854775807,"b":-9223372036854775808}`},
			{text: "a=9223372036854775808", failure: "integer '9223372036854775808' is out of the range"},
			{text: "a=99999999999999999999k", failure: "integer '99999999999999999999k' is out of the range"},
		}},
		{name: "spec 02 #19", rules: []rule{
			{text: "a=[1,2,3 ]", json: `{"a":[1,2,3]}`},
			{text: "a=[\n1\n2\n\n3\n]", json: `{"a":[1,2,3]}`},
			{text: "a=[1,2,3]", json: `{"a":[1,2,3]}`},
			{text: "a=[[1],[2,[3]],{b=4}]", json: `{"a":[[1],[2,[3]],{"b":4}]}`},
			{text: "a=[1k]", json: `{"a":[1000]}`},
			{text: "a=[-1,1.5,x,\"y\",2016-05-04T18:53:41Z,1.2.3.4,true]", json: `{"a":[-1,1.5,"x","y","2016-05-04T18:53:41Z","1.2.3.4",true]}`},
		}},
		{name: "spec 02 #20", rules: []rule{
			{text: "a=[1;2]", failure: junkInList(";")},
			{text: "a=[1 2]", failure: junkInList("2")},
			{text: "a=[a b]", failure: junkInList("b")},
			{text: "a=[{b=1} {c=2}]", failure: junkInList("{")},
			{text: "a=[a,,b]", failure: onLine1("Unexpected array value terminator ','.")},
			{text: "a=[,a]", failure: onLine1("Unexpected array value terminator ','.")},
			{text: "a=[a,]\nb=[a,\n]", json: `{"a":["a"],"b":["a"]}`},
			{text: "a=[a}", failure: junkInList("}")},
			{text: "a=[", failure: junkInList("\x00")},
			{text: `a=["x"/"y"]`, json: `{"a":["x","y"]}`},
		}},
		{name: "spec 02 #28", rules: []rule{
			{text: "a=x\r\nb=\"y\"\r\nc=[1\r\n2\r\n]\r\nd {e=1\r\nf=2\r\n}\r\n", json: `{"a":"x","b":"y","c":[1,2],"d":{"e":1,"f":2}}`},
		}},
		{name: "spec 02 #29", rules: []rule{
			{text: "a", failure: "config is invalid (test.conf:1:1)"},
			{text: "a=1\nb ", failure: "config is invalid (test.conf:2:3)"},
			{text: "a=1\n\"b\"\n\n", failure: "config is invalid (test.conf:4:1)"},
			{text: "{a", failure: "config is invalid (test.conf:1:2)"},
			{text: "a=1 b", failure: junkAtRoot("b")},
			{text: "}", json: "{}"},
		}},
		{name: "spec 02 #30", rules: []rule{
			{text: "", json: "{}"},
			{text: " \t\r\n\n", json: "{}"},
			{text: "# a\n// b", json: "{}"},
			{text: "{}", json: "{}"},
			{text: "{\n # a\n}\n", json: "{}"},
		}},
		{name: "spec 02 #31", rules: []rule{
			{text: "a=1\nb=2\n\nc=[1 2]", failure: "Parse error on line 4: 'Expected an array value terminator \",\" or an array terminator \"]\", but got '2' instead.'"},
			{text: "a=\"x\ny\nz\" 1", failure: "Parse error on line 3: 'Expected a top-level value to end with a new line, comment or EOF, but got '1' instead.'"},
			{text: "\ufeffa=1\nb=\"\\q\"", failure: strings.Replace(badEscape("q"), "line 1", "line 2", 1)},
		}},
	} {
		t.Run(line.name, func(t *testing.T) { (files{}).check(t, line.rules) })
	}
}

func badEscape(got string) string {
	return onLine1("Invalid escape character '" + got + `'. Only the following escape characters are allowed: \xXX, \t, \n, \r, \", \\.`)
}

// suffixRules are all suffixes of integers in several letter cases.
func suffixRules() []rule {
	rules := []rule{
		{text: "a=8k\nb=4kb\nc=4ki\nd=4KiB\ne=-1M\nf=-2kib", json: `{"a":8000,"b":4096,"c":4096,"d":4096,"e":-1000000,"f":-2048}`},
	}
	decimal, binary := int64(1), int64(1)
	for _, letter := range []string{"k", "m", "g", "t", "p", "e"} {
		decimal, binary = decimal*1000, binary*1024
		for suffix, factor := range map[string]int64{"": decimal, "b": binary, "i": binary, "ib": binary} {
			for _, written := range []string{letter + suffix, strings.ToUpper(letter + suffix), strings.ToUpper(letter) + suffix} {
				rules = append(rules, rule{text: "a=3" + written, json: fmt.Sprintf(`{"a":%d}`, 3*factor)})
			}
		}
	}
	return rules
}
