package conf

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// BenchmarkParse reads a file of ordinary size and a file with many accounts,
// as large deployments generate them.
func BenchmarkParse(b *testing.B) {
	small, err := os.ReadFile(examplePath("9.08.conf"))
	if err != nil {
		b.Fatal(err)
	}
	var large bytes.Buffer
	large.WriteString("accounts {\n")
	for i := range 10_000 {
		fmt.Fprintf(&large, "  ACC%d { users = [ { user: \"user-%d\", password: secret%d, permissions { publish: [ \"a.%d.>\" ] } } ], limits { max_payload: 64kb } }\n", i, i, i, i)
	}
	large.WriteString("}\n")
	for _, file := range []struct {
		name string
		text []byte
	}{{"accounts=2", small}, {"accounts=10000", large.Bytes()}} {
		b.Run(file.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(file.text)))
			for b.Loop() {
				if _, err := Parse("bench.conf", file.text, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
