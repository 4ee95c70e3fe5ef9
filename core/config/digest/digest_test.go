package digest_test

import (
	"math"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

func parse(t *testing.T, text string) *option.Value {
	t.Helper()
	root, err := conf.Parse("test.conf", []byte(text), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestDigest(t *testing.T) {
	t.Run("spec 02 #42", func(t *testing.T) {
		for _, test := range []struct{ text, json, digest string }{
			{"", `{}`, "sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"},
			{"port: 4222", `{"port":4222}`, "sha256:797533ebd0dfba7d34a0f9337ecf147e442871f48ddfd07ed751575a5737267e"},
			{`a="<b>&c"`, `{"a":"\u003cb\u003e\u0026c"}`, "sha256:35c731c0adde51e33086989418c42a8bc84ac3c79757e93246e7ed86464bb141"},
		} {
			root := parse(t, test.text)
			if got := string(digest.JSON(root)); got != test.json {
				t.Errorf("%q: got %s, want %s", test.text, got, test.json)
			}
			if got := digest.Digest(root); got != test.digest {
				t.Errorf("%q: got %s, want %s", test.text, got, test.digest)
			}
		}

		const text = "a=x; b=[1, 2], c {d=yes}"
		same := []string{
			"c {d=on}\nb=[1,2]\na=x",
			"# comment\n'a' \"x\"\n\"b\": [\n1\n2\n] // comment\n{ c = { 'd': TRUE } }",
			`{"a": "\x78", "b": [001, 2,], "c": {"d": true}}`,
			"a=first;a=x; b=[1, 2], c {d=yes}",
		}
		different := []string{
			"A=x; b=[1, 2], c {d=yes}",
			"a=x; b=[2, 1], c {d=yes}",
			"a=x; b=[1, 2], c {d='yes'}",
			"a=x; b=[1, 2.0 ], c {d=yes}; v=1",
		}
		want := digest.Digest(parse(t, text))
		for _, other := range same {
			if got := digest.Digest(parse(t, other)); got != want {
				t.Errorf("%q does not have the digest of %q", other, text)
			}
		}
		for _, other := range different {
			if got := digest.Digest(parse(t, other)); got == want {
				t.Errorf("%q has the digest of %q", other, text)
			}
		}
	})
}

func TestJSON(t *testing.T) {
	list := func(elements ...*option.Value) *option.Value {
		return &option.Value{Kind: option.List, List: elements}
	}
	text := func(s string) *option.Value { return &option.Value{Kind: option.String, Text: s} }
	float := func(f float64) *option.Value { return &option.Value{Kind: option.Float, Float: f} }
	for _, test := range []struct {
		name  string
		value *option.Value
		want  string
	}{
		{"keys by bytes", parse(t, "b=1;B=2;'_'=3;é=4;a=5"), `{"B":2,"_":3,"a":5,"b":1,"é":4}`},
		{"line separators", text("\u2028\u2029"), `"\u2028\u2029"`},
		{"control characters", text("\x00\t\n\x1f"), `"\u0000\t\n\u001f"`},
		{"bytes that are not UTF-8", text("\xffa"), "\"\\ufffda\""},
		{"floats in shortest form", list(float(1), float(0.1), float(-2.5), float(1e21), float(1e-7)), `[1,0.1,-2.5,1e+21,1e-7]`},
		{"floats that JSON lacks", list(float(math.Inf(1)), float(math.Inf(-1)), float(math.NaN())), `["+Inf","-Inf","NaN"]`},
		{"largest integers", parse(t, "a=9223372036854775807;b=-9223372036854775808"), `{"a":9223372036854775807,"b":-9223372036854775808}`},
		{"time", &option.Value{Kind: option.Time, Time: time.Date(2016, 5, 4, 18, 53, 41, 0, time.UTC)}, `"2016-05-04T18:53:41Z"`},
		{"empty list", list(), `[]`},
		{"no value", list(&option.Value{}), `[null]`},
	} {
		if got := string(digest.JSON(test.value)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
