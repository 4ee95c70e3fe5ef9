// Package roster is a list of named users with passwords, as the settings of
// userpass and tlsmap hold it: one knows its users by name and password, the
// other by certificate, and both obey the same rows.
package roster
