package config

import (
	"runtime"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

var keyPairTable = option.NewTable(
	tlsText("cert_file").Doc("PEM file of the certificate."),
	tlsText("key_file").Doc("PEM file of the private key."),
).Unknown(`error parsing tls certs config, unknown field "{key}"`).Strict()

func readKeyPairs(n *option.Node) []KeyPair {
	if n.Kind() != option.List {
		n.Errorf("error parsing certificates config: unsupported type %s", n.TypeName())
		return nil
	}
	var pairs []KeyPair
	for _, item := range n.Items() {
		if item.Kind() != option.Map {
			item.Errorf("error parsing certificates config: unsupported type %s", item.TypeName())
			continue
		}
		s := keyPairTable.Read(item)
		pair := KeyPair{CertFile: s.String("cert_file"), KeyFile: s.String("key_file")}
		if pair.CertFile == "" || pair.KeyFile == "" {
			item.Errorf("error parsing certificates config: both 'cert_file' and 'cert_key' options are required")
			continue
		}
		pairs = append(pairs, pair)
	}
	return pairs
}

func checkCertStore(n *option.Node, name string) {
	switch strings.ToLower(name) {
	case "":
		n.Errorf("expected 'cert_store' to be a valid non-empty string")
	case "windowscurrentuser", "windowslocalmachine":
		if runtime.GOOS != "windows" {
			n.Errorf("cert_store not compatible with current operating system")
		}
	default:
		n.Errorf("cert store type not implemented")
	}
}

func checkCertMatchBy(n *option.Node, by string) {
	switch strings.ToLower(by) {
	case "":
		n.Errorf("expected 'cert_match_by' to be a valid non-empty string")
	case "issuer", "subject", "thumbprint":
	default:
		n.Errorf("cert match by type not implemented")
	}
}
