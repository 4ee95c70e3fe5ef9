package protocol

import (
	"errors"
	"fmt"
)

// What can be wrong with a client's bytes. After any of them the stream is out
// of step and nothing more can be read from it.
var (
	// ErrUnknownOperation: no such verb, or a payload not followed by CRLF.
	ErrUnknownOperation = errors.New("unknown protocol operation")
	// ErrArguments: wrong number of arguments or an unreadable size. The client
	// is closed without being told.
	ErrArguments = errors.New("invalid arguments")
	// ErrControlLine: the argument part of a line is longer than MaxControlLine,
	// or what it holds besides is beyond all reason.
	ErrControlLine = errors.New("maximum control line exceeded")
	// ErrHeaders: HPUB on a connection that did not negotiate headers.
	ErrHeaders = errors.New("message headers not supported")
)

// PayloadError reports an announced payload over the limit; nothing of the
// payload itself has been looked at. Both are bytes.
type PayloadError struct {
	Size, Limit int
}

func (e *PayloadError) Error() string {
	return fmt.Sprintf("maximum payload exceeded: %d vs %d", e.Size, e.Limit)
}
