package account

import "testing"

// What a client may publish to and ask for replies on, as the reference does it.
func TestReservedNames(t *testing.T) {
	tests := []struct {
		name                      string
		publish, reply, inCluster bool // inCluster: a client of the system account may publish
	}{
		{name: "foo", publish: true, reply: true, inCluster: true},
		{name: "", publish: true, reply: true, inCluster: true},
		{name: "_GR_.x"},
		{name: "_GR_.", publish: true, reply: true, inCluster: true},
		{name: "_GR_x", publish: true, reply: true, inCluster: true},
		{name: "$GR.x"},
		{name: "$GR.", publish: true, reply: true, inCluster: true},
		{name: "_R_.x", publish: true, inCluster: true},
		{name: "_R_.", publish: true, inCluster: true},
		{name: "_R_", publish: true, reply: true, inCluster: true},
		{name: "$JS.ACK.x", publish: true, inCluster: true},
		{name: "$JS.ACK.", publish: true, reply: true, inCluster: true},
		{name: "$JS.API.x", publish: true, reply: true, inCluster: true},
		{name: "$NRG.x", reply: true, inCluster: true},
		{name: "$NRG.", reply: true, inCluster: true},
		{name: "$NRG", publish: true, reply: true, inCluster: true},
		{name: "$SYS.x", publish: true, reply: true, inCluster: true},
		{name: "_INBOX.x", publish: true, reply: true, inCluster: true},
	}
	client, system, inside := Publisher{Client: true}, Publisher{Client: true, System: true}, Publisher{}
	for _, tt := range tests {
		name := []byte(tt.name)
		if got := client.MayPublish(name); got != tt.publish {
			t.Errorf("client may publish to %q: %v", name, got)
		}
		if got := system.MayPublish(name); got != tt.inCluster {
			t.Errorf("system client may publish to %q: %v", name, got)
		}
		if got := client.MayReply(name); got != tt.reply {
			t.Errorf("client may ask for replies on %q: %v", name, got)
		}
		if got := system.MayReply(name); got != tt.reply {
			t.Errorf("system client may ask for replies on %q: %v", name, got)
		}
		if !inside.MayPublish(name) || !inside.MayReply(name) {
			t.Errorf("the broker itself may not use %q", name)
		}
	}
	if MayQueue("_sys_") || !MayQueue("_sys") || !MayQueue("") {
		t.Error("MayQueue")
	}
}
