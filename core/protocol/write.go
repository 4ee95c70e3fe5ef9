package protocol

import "strconv"

// The fixed lines a server sends.
const (
	CRLF     = "\r\n"
	PingLine = "PING\r\n"
	PongLine = "PONG\r\n"
	OKLine   = "+OK\r\n"
)

// AppendPrefix appends "HMSG subject sid ", the part of a delivery that is the
// same for every message of a subject to a subscription. Without its first byte
// it begins a MSG line.
func AppendPrefix(dst []byte, subject, sid []byte) []byte {
	dst = append(dst, "HMSG "...)
	dst = append(dst, subject...)
	dst = append(dst, ' ')
	dst = append(dst, sid...)
	return append(dst, ' ')
}

// AppendMessageLine appends the control line of a delivery behind prefix (from
// AppendPrefix), CRLF included: HMSG when headerSize is positive, else MSG. The
// reply may be nil; size is that of header block and body.
func AppendMessageLine(dst, prefix, reply []byte, headerSize, size int) []byte {
	if headerSize == 0 {
		prefix = prefix[1:]
	}
	dst = append(dst, prefix...)
	if len(reply) > 0 {
		dst = append(dst, reply...)
		dst = append(dst, ' ')
	}
	if headerSize > 0 {
		dst = strconv.AppendInt(dst, int64(headerSize), 10)
		dst = append(dst, ' ')
	}
	dst = strconv.AppendInt(dst, int64(size), 10)
	return append(dst, CRLF...)
}

// AppendMessage appends a whole delivery behind prefix. A receiver without
// headers gets the body alone.
func AppendMessage(dst, prefix, reply []byte, headerSize int, payload []byte, headers bool) []byte {
	if headerSize > 0 && !headers {
		payload, headerSize = payload[headerSize:], 0
	}
	dst = AppendMessageLine(dst, prefix, reply, headerSize, len(payload))
	dst = append(dst, payload...)
	return append(dst, CRLF...)
}

// noRespondersStatus is the status line of the answer to a request that reached
// nobody (client protocol, no responders).
const noRespondersStatus = "NATS/1.0 503\r\nNats-Subject: "

// AppendNoResponders appends the answer to a request that reached nobody, for
// the subscription sid on which the requester waits.
func AppendNoResponders(dst, reply, sid, subject []byte) []byte {
	size := len(noRespondersStatus) + len(subject) + 2*len(CRLF)
	dst = AppendPrefix(dst, reply, sid)
	dst = strconv.AppendInt(dst, int64(size), 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, int64(size), 10)
	dst = append(dst, CRLF...)
	dst = append(dst, noRespondersStatus...)
	dst = append(dst, subject...)
	return append(dst, "\r\n\r\n\r\n"...)
}

// AppendErr appends -ERR 'text'.
func AppendErr(dst []byte, text string) []byte {
	dst = append(dst, "-ERR '"...)
	dst = append(dst, text...)
	return append(dst, "'\r\n"...)
}

// AppendInfo appends INFO with a JSON document.
func AppendInfo(dst, document []byte) []byte {
	dst = append(dst, "INFO "...)
	dst = append(dst, document...)
	return append(dst, " \r\n"...)
}
