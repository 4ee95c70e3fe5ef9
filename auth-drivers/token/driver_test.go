package token

import (
	"fmt"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance/authtest"
)

func TestConformance(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("S3Cr3T0k3n!"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for form, stored := range map[string]string{"plain": "S3Cr3T0k3n!", "hashed": string(hash)} {
		t.Run(form, func(t *testing.T) {
			authtest.Run(t, authtest.Suite{
				Driver: Driver{},
				Settings: fmt.Sprintf(`{"token": %q, "account": "T", "allowed_connection_types": ["STANDARD"],
					"permissions": {"subscribe": {"deny": "secret.>"}}}`, stored),
				Invalid: map[string]string{
					"no token":      `{}`,
					"empty token":   `{"token": ""}`,
					"unknown field": `{"token": "S3Cr3T0k3n!", "user": "a"}`,
				},
				Cases: []authtest.Case{
					{
						Name: "right token", Attempt: auth.Attempt{Type: auth.Standard, Token: "S3Cr3T0k3n!"}, Outcome: auth.Accept,
						Identity: &auth.Identity{
							User: "[REDACTED]", Key: "token", Account: "T",
							Permissions: &auth.Permissions{Subscribe: auth.Subjects{Deny: []string{"secret.>"}}},
						},
					},
					{Name: "right token beside a user", Attempt: auth.Attempt{Type: auth.Standard, User: "u", Token: "S3Cr3T0k3n!"}, Outcome: auth.Accept},
					{
						Name: "wrong connection type", Attempt: auth.Attempt{Type: auth.WebSocket, Token: "S3Cr3T0k3n!"},
						Outcome: auth.Reject, Reason: auth.ConnectionTypeNotAllowed,
					},
					{Name: "wrong token", Attempt: auth.Attempt{Type: auth.Standard, Token: "S3Cr3T0k3n"}, Outcome: auth.NotMine},
					{Name: "a user", Attempt: auth.Attempt{Type: auth.Standard, User: "S3Cr3T0k3n!", Password: "S3Cr3T0k3n!"}, Outcome: auth.NotMine},
					{Name: "nothing", Attempt: auth.Attempt{Type: auth.Standard}, Outcome: auth.NotMine},
				},
			})
		})
	}
}
