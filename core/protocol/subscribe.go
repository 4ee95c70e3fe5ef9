package protocol

// parseSub reads the arguments of SUB: subject, optional queue group, sid.
func (op *Op) parseSub(line []byte) error {
	fields, err := split(line)
	if err != nil {
		return err
	}
	switch fields.n {
	case 2:
		op.Subject, op.SID = fields.of[0], fields.of[1]
	case 3:
		op.Subject, op.Queue, op.SID = fields.of[0], fields.of[1], fields.of[2]
	default:
		return ErrArguments
	}
	return nil
}

// parseUnsub reads the arguments of UNSUB: sid and an optional count. A count
// that cannot be read is no count.
func (op *Op) parseUnsub(line []byte) error {
	fields, err := split(line)
	if err != nil {
		return err
	}
	switch fields.n {
	case 1:
	case 2:
		op.Max = max(parseSize(fields.of[1]), 0)
	default:
		return ErrArguments
	}
	op.SID = fields.of[0]
	return nil
}

// fields are the arguments of a SUB or UNSUB line.
type fields struct {
	n  int
	of [3][]byte
}

func split(line []byte) (fields, error) {
	var f fields
	for i := 0; i < len(line); {
		if isBlank(line[i]) {
			i++
			continue
		}
		end := fieldEnd(line, i)
		if end < len(line) && !isBlank(line[end]) || f.n == len(f.of) {
			return f, ErrArguments
		}
		f.of[f.n] = line[i:end]
		f.n++
		i = end
	}
	return f, nil
}
