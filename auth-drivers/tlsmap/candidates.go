package tlsmap

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
)

// certificateNames are the names under which a certificate can select a user,
// in the order in which they are tried.
type certificateNames struct {
	exact      []string // e-mail addresses, DNS names, URIs
	subject    name     // nil when the subject cannot be compared as a name
	afterwards []string // the subject as text, with and without domain components
}

// namesOf lists the names of a certificate.
func namesOf(cert *x509.Certificate) certificateNames {
	var names certificateNames
	names.exact = append(names.exact, cert.EmailAddresses...)
	names.exact = append(names.exact, cert.DNSNames...)
	for _, uri := range cert.URIs {
		names.exact = append(names.exact, uri.String())
	}
	if subject, ok := subjectName(cert.RawSubject); ok {
		names.subject = subject
	}
	// Only the fields that the library knows: its String would add unknown types.
	text := cert.Subject.ToRDNSequence().String()
	if domain := domainComponents(cert.RawSubject); domain != "" {
		names.afterwards = append(names.afterwards, text+","+domain)
	}
	if text != "" {
		names.afterwards = append(names.afterwards, text)
	}
	return names
}

// domainComponents renders the DC attributes of a subject in the order of the
// certificate, which is the reverse of RFC 4514.
func domainComponents(raw []byte) string {
	var subject pkix.RDNSequence
	if _, err := asn1.Unmarshal(raw, &subject); err != nil {
		return ""
	}
	var components []string
	for _, rdn := range subject {
		for _, attribute := range rdn {
			if value, ok := attribute.Value.(string); ok && attribute.Type.Equal(oidDomainComponent) {
				components = append(components, "DC="+value)
			}
		}
	}
	return strings.Join(components, ",")
}
