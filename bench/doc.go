// Command bench compares Trellis with the nats-server release pinned in this
// module's go.mod, on one machine and with one load generator, and prints the
// medians as a table.
//
// It builds both servers, starts each with the same configuration (accounts,
// users and permissions included, so that both pay for them; none of these with
// -open, so that two runs show their price), loads them in turn, and reads the
// servers' own CPU time and memory from the kernel. Ratios are taken per round,
// between two measurements made seconds apart, and only then reduced to their
// median: that cancels most of what a shared machine does to single figures.
//
// The vocabulary, one file each: a [server] is a running broker, a [scenario]
// names a [load], a load is made of agents, each one connection with one task,
// and a [generator] makes agents: [rawSockets] from blocking sockets and
// prepared bytes, [natsClient] from the published Go client. A measurement of a
// load gives a [sample]; a [table] reduces samples to medians.
//
// bench is a module of its own so that the servers it compares with never
// become dependencies of the product. It needs Linux: CPU clocks of other
// processes, /proc, and the futex count have no portable form.
package main
