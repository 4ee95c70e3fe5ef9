// Package interop runs published NATS clients of other languages against the program: Node (nats, @nats-io/transport-node), Python
// (nats-py), Rust (async-nats), Java (jnats), C (cnats). It has tests only; those of nats.go are in test/clients.
//
// Each client is a small program in a folder of its own that takes the server's URL from NATS_URL, goes through the same steps and prints
// "ok STEP" after each. Before the step "reconnect" it prints "restart"; the test then kills the server and starts it again on the same
// port. Whatever else goes wrong ends the program with a message and an exit code.
//
// The clients' packages come from the network, so the clients are skipped unless TRELLIS_INTEROP is set; .ci/run sets it. A client whose
// toolchain is missing is skipped too.
package interop
