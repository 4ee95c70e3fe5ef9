// Package daemon is the broker's program as a library.
//
// [Main] is the whole of a main function: it takes the drivers that are compiled
// in and does what nats-server's program does, with the same flags, files, log
// lines, signals and exit codes (configuration, command line and process).
// cmd/trellis calls it with the drivers that Trellis brings; a program with
// drivers of its own is ten lines that call it with others.
//
// The package owns the process around a broker: the command line and its help,
// the log, the order of a start, signals, and the translation of core/config's
// options into what core/broker, core/account and plugins/host are made from. It
// decides what each option of a part that is not compiled in means: the start is
// refused by name.
package daemon
