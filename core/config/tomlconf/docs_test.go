package tomlconf

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

// fence finds the fenced blocks of a page and the language of each.
var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// TestPage parses every example of the page on both languages. The block of JSON
// that follows each is what it means.
func TestPage(t *testing.T) {
	const name = "../../../docs/configuration-language.md"
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	world := files{
		"$MONITOR":       "127.0.0.1:8222",
		"users.conf":     "authorization { user: ann, password: x }",
		"users.toml":     "authorization = { user = 'ann', password = 'x' }",
		"parts/app.conf": "users = [ {user: svc, password: y} ]",
	}
	parsers := map[string]func(string, []byte, func(string) (string, bool), func(string) ([]byte, error)) (*option.Value, error){
		"conf": conf.Parse, "toml": Parse,
	}
	blocks := fence.FindAllStringSubmatchIndex(string(page), -1)
	examples := make(map[string]int)
	for i, block := range blocks {
		language, text := string(page[block[2]:block[3]]), page[block[4]:block[5]]
		parse := parsers[language]
		if parse == nil {
			continue
		}
		examples[language]++
		line := 1 + strings.Count(string(page[:block[0]]), "\n")
		t.Run(fmt.Sprintf("line %d", line), func(t *testing.T) {
			root, err := parse("page", text, world.env, world.read)
			if err != nil {
				t.Fatal(err)
			}
			if i+1 == len(blocks) || string(page[blocks[i+1][2]:blocks[i+1][3]]) != "json" {
				t.Fatal("no JSON follows the example")
			}
			var got, want any
			if err := json.Unmarshal(page[blocks[i+1][4]:blocks[i+1][5]], &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(digest.JSON(root), &got); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
	if examples["conf"] < 5 || examples["toml"] < 3 {
		t.Errorf("found too few examples: %v", examples)
	}
}
