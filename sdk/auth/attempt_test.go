package auth

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

var shown = Attempt{
	ID: 7, Type: Standard, Remote: netip.MustParseAddrPort("10.0.0.1:9"),
	User: "user", Password: "password", Token: "tok", NKey: "UKEY", Signature: "signature", JWT: "jwt", Nonce: []byte("nonce"),
	Name: "n", Lang: "go", Version: "1", TLS: &TLSState{MapUser: true}, Proxy: "PX", Default: true,
}

func TestOnly(t *testing.T) {
	if got := shown.Only(ReadsUser, ReadsPassword, ReadsToken, ReadsNKey, ReadsSignature, ReadsJWT, ReadsTLS, ReadsRemote); !reflect.DeepEqual(*got, shown) {
		t.Errorf("with all fields: %+v", got)
	}
	want := Attempt{ID: 7, Type: Standard, Name: "n", Lang: "go", Version: "1", Proxy: "PX", Default: true}
	if got := shown.Only(); !reflect.DeepEqual(*got, want) {
		t.Errorf("with no field: %#v", *got)
	}
	want.Signature, want.Nonce = "signature", []byte("nonce")
	if got := shown.Only(ReadsSignature); !reflect.DeepEqual(*got, want) {
		t.Errorf("with the signature: %#v", *got)
	}
}

func TestAttemptPrintsNoSecret(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		printed := fmt.Sprintf(verb, &shown)
		for _, secret := range []string{shown.Password, shown.Token, shown.Signature, shown.JWT} {
			if strings.Contains(printed, secret) {
				t.Errorf("%s prints %s", verb, printed)
			}
		}
	}
}
