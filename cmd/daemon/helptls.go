package daemon

import (
	"fmt"
	"io"

	"github.com/trellismq/trellis/core/config"
)

const tlsExample = `TLS for client connections is configured by a block:

  tls {
    cert_file: "server-cert.pem"
    key_file:  "server-key.pem"

    # Ask clients for a certificate, and which authorities may have signed it.
    ca_file: "ca.pem"
    verify:  true

    # In the order of preference; without them the defaults of Go's runtime hold.
    cipher_suites: [ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" ]
    curve_preferences: [ "X25519", "CurveP256" ]
  }
`

const ocspExample = `
Revocation of certificates of clients and other servers is checked with ocsp_peer in a
tls block that verifies:

  tls {
    ...
    verify: true
    ocsp_peer: true
  }

or, in detail:

    ocsp_peer {
      verify: true
      ca_timeout: 2s                 # how long to wait for the responder
      allowed_clockskew: 30s
      warn_only: false               # log what is wrong and connect all the same
      unknown_is_good: false         # accept "unknown" as an answer
      allow_when_ca_unreachable: false
      cache_ttl_when_next_update_unset: 1h
    }

Answers are kept in a cache, configured at the top level:

  ocsp_cache {
    type: local                      # or none
    local_store: "./ocsp"            # directory
    preserve_revoked: false
    save_interval: 5m
  }
`

// printTLSHelp answers --help_tls.
func printTLSHelp(w io.Writer) {
	fmt.Fprint(w, tlsExample)
	printNames(w, "Cipher suites:", config.CipherSuiteNames())
	printNames(w, "Curves:", config.CurveNames())
	fmt.Fprint(w, ocspExample)
}

func printNames(w io.Writer, heading string, names []string) {
	fmt.Fprintf(w, "\n%s\n\n", heading)
	for _, n := range names {
		fmt.Fprintf(w, "    %s\n", n)
	}
}
