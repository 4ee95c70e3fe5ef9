package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Digest returns "sha256:" and the 64 hexadecimal digits of the SHA-256 of the
// canonical JSON of root and a newline.
func Digest(root *option.Value) string {
	sum := sha256.Sum256(append(JSON(root), '\n'))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// JSON returns the canonical JSON of a tree: compact, object keys sorted by
// their bytes, characters that HTML gives a meaning escaped, times as RFC 3339
// strings, bytes that are not UTF-8 as U+FFFD. Floats that JSON does not have,
// infinities and NaN, are strings.
func JSON(root *option.Value) []byte {
	text, err := json.Marshal(plain(root))
	if err != nil {
		panic(err) // plain returns nothing that cannot be encoded
	}
	return text
}

// plain returns v as the values that encoding/json knows. An invalid value is
// null.
func plain(v *option.Value) any {
	switch v.Kind {
	case option.String:
		return v.Text
	case option.Bool:
		return v.Bool
	case option.Int:
		return v.Int
	case option.Float:
		if math.IsInf(v.Float, 0) || math.IsNaN(v.Float) {
			return strconv.FormatFloat(v.Float, 'g', -1, 64)
		}
		return v.Float
	case option.Time:
		return v.Time.Format(time.RFC3339Nano)
	case option.List:
		list := make([]any, len(v.List))
		for i, element := range v.List {
			list[i] = plain(element)
		}
		return list
	case option.Map:
		fields := make(map[string]any, len(v.Fields))
		for _, field := range v.Fields {
			fields[field.Key] = plain(field.Value)
		}
		return fields
	default:
		return nil
	}
}
