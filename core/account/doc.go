// Package account says what an account is and what a connection in it may do.
//
// It owns four things: the accounts of a broker with their limits and counters
// ([Account], [Set]), compiled permissions ([Permissions], [Compiler]), the
// replies that allow_responses opens ([Replies]), and the names that no client
// may use ([Publisher]). It decides and counts; connections, subscriptions and
// what is said to a client are core/broker's, which calls it.
package account
