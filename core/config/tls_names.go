package config

import (
	"crypto/tls"

	"github.com/trellismq/trellis/sdk/option"
)

// curves by the names of Go's runtime, in the order preferred by default.
var curves = []tls.CurveID{
	tls.X25519MLKEM768, tls.SecP384r1MLKEM1024, tls.SecP256r1MLKEM768,
	tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521,
}

// CipherSuiteNames returns the names that cipher_suites accepts, the secure ones
// first.
func CipherSuiteNames() []string {
	var names []string
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		names = append(names, suite.Name)
	}
	return names
}

// CurveNames returns the names that curve_preferences accepts, in the default
// order of preference.
func CurveNames() []string {
	var names []string
	for _, curve := range curves {
		names = append(names, curve.String())
	}
	return names
}

func readCipherSuites(n *option.Node) []uint16 {
	if n.Kind() != option.List || len(n.Items()) == 0 {
		n.Errorf("error parsing tls config, 'cipher_suites' cannot be empty")
		return nil
	}
	var ids []uint16
	for _, item := range n.Items() {
		id, ok := cipherSuite(item.String())
		if !ok {
			item.Errorf("unrecognized cipher %s", item)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

func cipherSuite(name string) (uint16, bool) {
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if suite.Name == name {
			return suite.ID, true
		}
	}
	return 0, false
}

func insecureSuites(ids []uint16) []string {
	var names []string
	for _, suite := range tls.InsecureCipherSuites() {
		for _, id := range ids {
			if id == suite.ID {
				names = append(names, suite.Name)
			}
		}
	}
	return names
}

func readCurves(n *option.Node) []tls.CurveID {
	if n.Kind() != option.List || len(n.Items()) == 0 {
		n.Errorf("error parsing tls config, 'curve_preferences' cannot be empty")
		return nil
	}
	var ids []tls.CurveID
	for _, item := range n.Items() {
		id, ok := curve(item.String())
		if !ok {
			item.Errorf("unrecognized curve preference %s", item)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

func curve(name string) (tls.CurveID, bool) {
	for _, id := range curves {
		if id.String() == name {
			return id, true
		}
	}
	return 0, false
}

func readMinVersion(n *option.Node) TLSVersion {
	if n.Kind() != option.String {
		n.Errorf("error parsing tls config: 'min_version' wrong type: %v", n)
		return 0
	}
	switch n.Value.Text {
	case "1.2":
		return tls.VersionTLS12
	case "1.3":
		return tls.VersionTLS13
	case "1.0", "1.1":
		n.Errorf("error parsing tls config: unsupported TLS version: TLS %s", n.Value.Text)
	default:
		n.Errorf("error parsing tls config: unknown version: %s", n.Value.Text)
	}
	return 0
}
