package protocol

// publish parses PUB or HPUB, whose verb and one blank are the first start
// bytes of b.
func (p *Parser) publish(b []byte, start int, headers bool, op *Op) (int, error) {
	var args arguments
	n, ok, err := args.scan(b, start)
	if !ok {
		// A fault counts when the line is whole and within its limit, so that it
		// does not matter how the bytes were split.
		if _, whole, tooLong := p.line(b, start); whole == 0 {
			return 0, tooLong
		}
		return 0, err
	}
	if args.end-args.first > p.MaxControlLine || args.first > maxIgnored {
		return 0, ErrControlLine
	}
	if headers && !p.Headers {
		return 0, ErrHeaders
	}
	sizes := 1
	if headers {
		sizes = 2
	}
	if args.n != sizes+1 && args.n != sizes+2 {
		return 0, ErrArguments
	}
	total := args.size(b, args.n-1)
	if total < 0 {
		return 0, ErrArguments
	}
	header := 0
	if headers {
		if header = args.size(b, args.n-2); header < 0 || header > total {
			return 0, ErrArguments
		}
	}
	if total > p.MaxPayload && p.MaxPayload >= 0 {
		return 0, &PayloadError{Size: total, Limit: p.MaxPayload}
	}
	end := n + total + 2
	if len(b) < end {
		if len(b) == end-1 && b[end-2] != '\r' {
			return 0, ErrUnknownOperation
		}
		return 0, nil
	}
	if b[end-2] != '\r' || b[end-1] != '\n' {
		return 0, ErrUnknownOperation
	}
	op.Kind = Pub
	if headers {
		op.Kind = HPub
	}
	op.Subject = b[args.at[0]:args.to[0]]
	op.Reply = nil
	if args.n == sizes+2 {
		op.Reply = b[args.at[1]:args.to[1]]
	}
	op.HeaderSize = header
	op.Payload = b[n : end-2]
	op.Tail = nil
	if args.canonical(b, n) && (header > 0 || !headers) {
		op.Tail = b[args.at[1]:end]
	}
	return end, nil
}

// usual parses a PUB as every published client writes it, whole and within the
// limits: single blanks, CRLF. It answers 0 for anything else, which publish
// looks into; b begins with the verb and a blank.
func (p *Parser) usual(b []byte, op *Op) int {
	const start = len("PUB ")
	i := fieldEnd(b, start)
	if i == start || i >= len(b) || b[i] != ' ' {
		return 0
	}
	tail := i + 1
	var reply []byte
	size, eol := leadingSize(b, tail)
	if eol < len(b) && b[eol] != '\r' {
		j := fieldEnd(b, tail)
		if j == tail || j >= len(b) || b[j] != ' ' {
			return 0
		}
		reply = b[tail:j]
		size, eol = leadingSize(b, j+1)
	}
	body := eol + 2
	end := body + size + 2
	switch {
	case size < 0, size > p.MaxPayload && p.MaxPayload >= 0, eol-start > p.MaxControlLine, end > len(b):
		return 0
	case b[eol] != '\r' || b[eol+1] != '\n' || b[end-2] != '\r' || b[end-1] != '\n':
		return 0
	}
	op.Kind, op.HeaderSize = Pub, 0
	op.Subject, op.Reply = b[start:i], reply
	op.Payload, op.Tail = b[body:end-2], b[tail:end]
	return end
}

// leadingSize reads the digits at i and answers their value and where they end;
// the value is negative when there are none, or too many.
func leadingSize(b []byte, i int) (size, end int) {
	end = i
	for end < len(b) && b[end]-'0' <= 9 {
		if end-i == maxSizeDigits {
			return -1, end
		}
		size = size*10 + int(b[end]-'0')
		end++
	}
	if end == i {
		return -1, end
	}
	return size, end
}

// arguments are the fields of a PUB or HPUB line: offsets into the buffer.
type arguments struct {
	n      int
	at, to [maxArguments]int
	first  int // first byte of the first argument
	end    int // end of the argument part, without EOL
}

// maxArguments is what HPUB with a reply has, and one more to notice too many.
const maxArguments = 5

// scan splits the line from start on. It returns the offset behind the EOL, and
// false when the line is not complete. A CR inside an argument is refused, since
// it would reach others in a MSG line.
func (a *arguments) scan(b []byte, start int) (next int, ok bool, err error) {
	i := start
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	a.first = i
	for {
		if i >= len(b) {
			return 0, false, nil
		}
		from := i
		i = fieldEnd(b, i)
		if i > from {
			if a.n == maxArguments {
				return 0, false, ErrArguments
			}
			a.at[a.n], a.to[a.n] = from, i
			a.n++
		}
		for i < len(b) && isBlank(b[i]) {
			i++
		}
		if i >= len(b) {
			return 0, false, nil
		}
		switch b[i] {
		case '\n':
			a.end = i
			return i + 1, true, nil
		case '\r':
			if i+1 == len(b) {
				return 0, false, nil
			}
			if b[i+1] != '\n' {
				return 0, false, ErrArguments
			}
			a.end = i
			return i + 2, true, nil
		}
	}
}

// canonical reports whether everything behind the first argument is separated
// and ended just as the server's own lines are.
func (a *arguments) canonical(b []byte, next int) bool {
	last := a.n - 1
	if a.to[last] != a.end || a.end+2 != next {
		return false
	}
	for i := 1; i < last; i++ {
		if a.to[i]+1 != a.at[i+1] || b[a.to[i]] != ' ' {
			return false
		}
	}
	return true
}

// size reads argument i as a size; negative when it is none.
func (a *arguments) size(b []byte, i int) int { return parseSize(b[a.at[i]:a.to[i]]) }
