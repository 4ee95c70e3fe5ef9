package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"
)

// writeCertificate changes to a directory that holds cert.pem and key.pem.
func writeCertificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, map[string]string{
		"cert.pem":  string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})),
		"key.pem":   string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"empty.pem": "",
	})
}

func TestTLS(t *testing.T) {
	writeCertificate(t)
	t.Run("spec 02 #67", func(t *testing.T) {
		for fields, want := range map[string]string{
			"cert_file: cert.pem":                       "c.conf:1:0: missing 'key_file' in TLS configuration",
			"key_file: key.pem":                         "c.conf:1:0: missing 'cert_file' in TLS configuration",
			"cert_file: 5":                              "c.conf:1:6: error parsing tls config, expected 'cert_file' to be filename",
			"cert_file: empty.pem, key_file: empty.pem": "c.conf:1:0: error parsing X509 certificate/key pair: tls: failed to find any PEM data in certificate input",
			"ca_file: empty.pem":                        "c.conf:1:0: failed to parse root ca certificate",
			"ca_file: none.pem":                         "c.conf:1:0: open none.pem: no such file or directory",
			"cipher_suites: [ NOPE ]":                   "c.conf:1:23: unrecognized cipher NOPE",
			"cipher_suites: []":                         "c.conf:1:6: error parsing tls config, 'cipher_suites' cannot be empty",
			"curve_preferences: [ NOPE ]":               "c.conf:1:27: unrecognized curve preference NOPE",
			"curve_preferences: []":                     "c.conf:1:6: error parsing tls config, 'curve_preferences' cannot be empty",
			"min_version: \"1.1\"":                      "c.conf:1:6: error parsing tls config: unsupported TLS version: TLS 1.1",
			"min_version: \"9\"":                        "c.conf:1:6: error parsing tls config: unknown version: 9",
			"min_version: 1.3":                          "c.conf:1:6: error parsing tls config: 'min_version' wrong type: 1.3",
			"nope: 1":                                   `c.conf:1:6: error parsing tls config, unknown field "nope"`,
			"verify: 1":                                 "c.conf:1:6: error parsing tls config, expected 'verify' to be a boolean",
			"timeout: x":                                `c.conf:1:6: error parsing tls config, 'timeout' time: invalid duration "x"`,
			"timeout: yes":                              "c.conf:1:6: error parsing tls config, 'timeout' wrong type",
			"certs: [ {cert_file: cert.pem} ]":          "c.conf:1:15: error parsing certificates config: both 'cert_file' and 'cert_key' options are required",
			"certs: [ {nope: 1, cert_file: cert.pem, key_file: key.pem} ]":                                   `c.conf:1:16: error parsing tls certs config, unknown field "nope"`,
			"cert_file: cert.pem, key_file: key.pem, certs: [ {cert_file: cert.pem, key_file: key.pem} ]":    "c.conf:1:0: error parsing tls config, cannot combine 'cert_file' option with 'certs' option",
			"certs: [ {cert_file: cert.pem, key_file: key.pem}, {cert_file: empty.pem, key_file: key.pem} ]": "c.conf:1:0: error parsing X509 certificate/key pair 2/2: tls: failed to find any PEM data in certificate input",
			"ocsp_peer: 5":                 "c.conf:1:6: error parsing ocsp peer config: unsupported type int64",
			"ocsp_peer: { nope: 1 }":       `c.conf:1:19: error parsing tls peer config, unknown field ["nope"]`,
			"cert_store: nope":             "c.conf:1:6: cert store type not implemented",
			"cert_match_by: nope":          "c.conf:1:6: cert match by type not implemented",
			"connection_rate_limit: \"1\"": "c.conf:1:6: error parsing tls config, 'connection_rate_limit' wrong type",
			"ca_certs_match: 5":            "c.conf:1:6: error parsing ca_cert_match: unsupported type int64",
			"pinned_certs: 5":              "c.conf:1:6: error parsing tls config, expected 'pinned_certs' to be a list of hex-encoded sha256 of DER encoded SubjectPublicKeyInfo",
		} {
			checkLines(t, "tls { "+fields+" }", want)
		}
		o := valid(t, "tls { cert_file: cert.pem, key_file: key.pem, ca_file: cert.pem }")
		if len(o.Client.TLS.Certificates) != 1 || o.Client.TLS.CAs == nil || o.Client.TLS.MinVersion != tls.VersionTLS12 {
			t.Errorf("got %+v", o.Client.TLS)
		}
	})
	t.Run("spec 02 #68", func(t *testing.T) {
		suite := tls.InsecureCipherSuites()[0].Name
		checkLines(t, "tls { cipher_suites: [ "+suite+" ] }",
			"c.conf:1:0: insecure cipher suites configured without 'allow_insecure_cipher_suites' option set: "+suite)
		valid(t, "tls { cipher_suites: [ "+suite+" ], allow_insecure_cipher_suites: true }")
	})
	t.Run("spec 02 #69", func(t *testing.T) {
		for written, want := range map[string]HandshakeFirst{
			"true": {Enabled: true}, "on": {Enabled: true}, `"on"`: {Enabled: true}, "false": {}, `"off"`: {},
			"auto": {Enabled: true, Fallback: 50 * time.Millisecond}, "AUTO_FALLBACK": {Enabled: true, Fallback: 50 * time.Millisecond},
			"300ms": {Enabled: true, Fallback: 300 * time.Millisecond},
		} {
			if got := valid(t, "tls { handshake_first: "+written+" }").Client.TLS.HandshakeFirst; got != want {
				t.Errorf("%s: %+v", written, got)
			}
		}
		checkLines(t, "tls { first: soon }", `c.conf:1:6: field "first"'s value "soon" is invalid`)
		checkLines(t, "tls { immediate: 5 }", `c.conf:1:6: field "immediate" should be a boolean or a string, got int64`)
	})
	t.Run("spec 02 #70", func(t *testing.T) {
		sum := strings.Repeat("Ab", 32)
		if got := valid(t, "tls { pinned_certs: [ "+sum+" ] }").Client.TLS.PinnedCerts; len(got) != 1 || got[0] != strings.ToLower(sum) {
			t.Errorf("got %q", got)
		}
		checkLines(t, "tls { pinned_certs: [ abc ] }",
			"c.conf:1:22: error parsing tls config, 'pinned_certs' key abc does not look like hex-encoded sha256 of DER encoded SubjectPublicKeyInfo")
	})
	t.Run("spec 02 #71", func(t *testing.T) {
		valid(t, "cluster { tls { verify_cert_and_check_known_urls: true } }")
		valid(t, "gateway { tls { verify_cert_and_check_known_urls: true } }")
		for _, block := range []string{"tls { %s }", "leafnodes { tls { %s } }", "websocket { tls { %s } }", "mqtt { tls { %s } }"} {
			_, report := read(t, strings.Replace(block, "%s", "verify_cert_and_check_known_urls: true", 1))
			if lines := report.Lines(); len(lines) != 1 || !strings.HasSuffix(lines[0], "verify_cert_and_check_known_urls not supported in this context") {
				t.Errorf("%s: %q", block, lines)
			}
		}
	})
}

func TestTLSFlags(t *testing.T) {
	writeCertificate(t)
	t.Run("spec 02 #54", func(t *testing.T) {
		file := "tls { cert_file: cert.pem, key_file: key.pem, timeout: 5, verify: true }"
		if o := overridden(t, file, "--tls=false"); o.Client.TLS != nil {
			t.Error("--tls=false keeps the block")
		}
		for flags, want := range map[string]string{
			"--tlsverify":                           ErrNoCertificate.Error(),
			"--tls":                                 ErrNoCertificate.Error(),
			"--tls --tlscert cert.pem":              ErrNoKey.Error(),
			"--tlscert cert.pem --tlskey empty.pem": "error parsing X509 certificate/key pair: tls: failed to find any PEM data in key input",
			"--tlscert cert.pem --tlskey key.pem --tlscacert none.pem": "open none.pem: no such file or directory",
		} {
			if err := refused(t, file, strings.Fields(flags)...); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", flags, err, want)
			}
		}
		o := overridden(t, file, "--tlscert=cert.pem", "--tlskey=key.pem")
		if got := o.Client.TLS; got.Verify || got.Timeout != 5*time.Second || len(got.Certificates) != 1 {
			t.Errorf("got %+v", got)
		}
	})
	if _, err := os.Stat("cert.pem"); err != nil {
		t.Fatal(err)
	}
}
