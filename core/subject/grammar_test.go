package subject

import "testing"

func TestGrammar(t *testing.T) {
	tests := []struct {
		subject            string
		subscribe, publish bool
		emptyToken, wild   bool
		tokens             int
	}{
		{subject: "foo", subscribe: true, publish: true, tokens: 1},
		{subject: "foo.bar.baz", subscribe: true, publish: true, tokens: 3},
		{subject: "$SYS.x._y-/:", subscribe: true, publish: true, tokens: 3},
		{subject: "é.\xff\x00.\f\v", subscribe: true, publish: true, tokens: 3},
		{subject: "*", subscribe: true, wild: true, tokens: 1},
		{subject: ">", subscribe: true, wild: true, tokens: 1},
		{subject: "foo.*", subscribe: true, wild: true, tokens: 2},
		{subject: "*.foo", subscribe: true, wild: true, tokens: 2},
		{subject: "foo.*.bar.>", subscribe: true, wild: true, tokens: 4},
		{subject: "*.*", subscribe: true, wild: true, tokens: 2},
		{subject: "a*", subscribe: true, publish: true, tokens: 1},
		{subject: "*a.>b.c>.d*", subscribe: true, publish: true, tokens: 4},
		{subject: "**.>>", subscribe: true, publish: true, tokens: 2},
		{subject: ">.a", wild: true, tokens: 2},
		{subject: "a.>.b", wild: true, tokens: 3},
		{subject: ">.>", wild: true, tokens: 2},
		{subject: ">.", emptyToken: true, wild: true, tokens: 2},
		{subject: "", emptyToken: true, tokens: 0},
		{subject: ".", emptyToken: true, tokens: 2},
		{subject: ".a", emptyToken: true, tokens: 2},
		{subject: "a.", emptyToken: true, tokens: 2},
		{subject: "a..b", emptyToken: true, tokens: 3},
		{subject: "*..b", emptyToken: true, wild: true, tokens: 3},
	}
	for _, tt := range tests {
		t.Run(tt.subject, func(t *testing.T) {
			is := func(what string, got, want bool) {
				if got != want {
					t.Errorf("%s(%q) = %v", what, tt.subject, got)
				}
			}
			is("ValidSubscription", ValidSubscription(tt.subject), tt.subscribe)
			is("ValidSubscription of bytes", ValidSubscription([]byte(tt.subject)), tt.subscribe)
			is("ValidPublish", ValidPublish(tt.subject), tt.publish)
			is("HasEmptyToken", HasEmptyToken(tt.subject), tt.emptyToken)
			is("HasWildcard", HasWildcard(tt.subject), tt.wild)
			if got := TokenCount(tt.subject); got != tt.tokens {
				t.Errorf("TokenCount(%q) = %d, want %d", tt.subject, got, tt.tokens)
			}
		})
	}
}

func TestView(t *testing.T) {
	for _, s := range []string{"", "a", "foo.bar"} {
		if got := View([]byte(s)); got != s {
			t.Errorf("View(%q) = %q", s, got)
		}
	}
	if View(nil) != "" {
		t.Error("View(nil) is not empty")
	}
}
