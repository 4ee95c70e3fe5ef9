package tlsmap

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// name is a distinguished name in the order of RFC 4514: most specific first.
// Each element is one relative name, reduced to a text that is equal exactly for
// equal relative names: attribute types in capitals, multi-valued parts sorted.
type name []string

// ordered is equal for names with equal parts in the same order.
func (n name) ordered() string { return strings.Join(n, ",") }

// unordered is equal for names with equal parts in any order.
func (n name) unordered() string {
	return strings.Join(slices.Sorted(slices.Values(n)), ",")
}

// relative collects the attributes of one relative name.
type relative []string

func (r *relative) add(attribute, value string) {
	*r = append(*r, strings.ToUpper(attribute)+"="+strconv.Quote(value))
}

func (r relative) text() string {
	return strings.Join(slices.Sorted(slices.Values(r)), "+")
}

var (
	errNoAttribute = errors.New("distinguished name: a part without an attribute type")
	errEscape      = errors.New("distinguished name: incomplete or unknown escape")
	errBER         = errors.New("distinguished name: values in BER are not supported")
)

// parseName reads the string form of RFC 4514. Spaces around types and values
// count only when they are escaped.
func parseName(text string) (name, error) {
	var n name
	var part relative
	for {
		attribute, rest, found := strings.Cut(text, "=")
		attribute = strings.Trim(attribute, " ")
		if !found || attribute == "" || strings.ContainsAny(attribute, `,+\`) {
			return nil, errNoAttribute
		}
		value, rest, err := parseValue(rest)
		if err != nil {
			return nil, err
		}
		part.add(attribute, value)
		if rest == "" || rest[0] == ',' {
			n = append(n, part.text())
			part = nil
		}
		if rest == "" {
			return n, nil
		}
		text = rest[1:]
	}
}

// parseValue reads one attribute value. rest starts with the ',' or '+' that
// ended it, or is empty.
func parseValue(text string) (value, rest string, err error) {
	text = strings.TrimLeft(text, " ")
	if strings.HasPrefix(text, "#") {
		return "", "", errBER
	}
	var b strings.Builder
	kept := 0 // bytes of b up to the last one that is not a trailing space
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == ',' || c == '+':
			return b.String()[:kept], text[i:], nil
		case c == '\\':
			c, n := unescape(text[i+1:])
			if n == 0 {
				return "", "", errEscape
			}
			i += n
			b.WriteByte(c)
			kept = b.Len()
		default:
			b.WriteByte(c)
			if c != ' ' {
				kept = b.Len()
			}
		}
	}
	return b.String()[:kept], "", nil
}

// unescape reads what follows a backslash: one special character or two
// hexadecimal digits. It returns how many bytes it read, 0 when it is neither.
func unescape(text string) (byte, int) {
	if text == "" {
		return 0, 0
	}
	if strings.IndexByte(` "#+,;<=>\`, text[0]) >= 0 {
		return text[0], 1
	}
	if len(text) < 2 {
		return 0, 0
	}
	b, err := hex.DecodeString(text[:2])
	if err != nil {
		return 0, 0
	}
	return b[0], 2
}

// attributeTypes are the attribute types that take part in comparing names.
var attributeTypes = map[string]string{
	"2.5.4.3":                   "CN",
	"2.5.4.5":                   "SERIALNUMBER",
	"2.5.4.6":                   "C",
	"2.5.4.7":                   "L",
	"2.5.4.8":                   "ST",
	"2.5.4.9":                   "STREET",
	"2.5.4.10":                  "O",
	"2.5.4.11":                  "OU",
	"2.5.4.17":                  "POSTALCODE",
	oidDomainComponent.String(): "DC",
}

var oidDomainComponent = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}

// subjectName reads the subject of a certificate as it was encoded. It reports
// false when the subject holds an attribute type that is not compared, or a
// value that is not text: such a subject has no name.
func subjectName(raw []byte) (name, bool) {
	var subject pkix.RDNSequence
	if rest, err := asn1.Unmarshal(raw, &subject); err != nil || len(rest) > 0 {
		return nil, false
	}
	var n name
	for _, rdn := range slices.Backward(subject) {
		var part relative
		for _, attribute := range rdn {
			known, ok := attributeTypes[attribute.Type.String()]
			value, isText := attribute.Value.(string)
			if !ok || !isText {
				return nil, false
			}
			part.add(known, value)
		}
		n = append(n, part.text())
	}
	return n, len(n) > 0
}
