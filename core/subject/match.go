package subject

// Matches reports whether a subscription to pattern receives a message published
// to literal, whose tokens all count as literal text, lone "*" and ">" included.
// A literal with an empty token matches nothing. The pattern has to be a valid
// subscription.
func Matches[P, L Text](pattern P, literal L) bool {
	return covers(pattern, literal, false) && !HasEmptyToken(literal)
}

// QueueMatches reports whether a permission for the queue names of pattern holds
// for queue: they are equal, or pattern, read as tokens with wildcards, covers
// queue. Queue names are free text, so empty tokens are tokens here.
func QueueMatches[P, Q Text](pattern P, queue Q) bool {
	return string(pattern) == string(queue) || covers(pattern, queue, false)
}

// SubsetOf reports whether every subject that a matches is matched by b too:
// "foo.*" is within "foo.>", but "foo.>" is not within "foo.*". Both have to be
// valid subscriptions.
func SubsetOf[A, B Text](a A, b B) bool {
	return covers(b, a, true)
}

// covers compares token by token whether outer takes in inner. With wildcards
// set, the lone "*" and ">" of inner are wildcards, else literal text.
func covers[O, I Text](outer O, inner I, wildcards bool) bool {
	o, i := 0, 0
	for {
		oEnd, iEnd := tokenEnd(outer, o), tokenEnd(inner, i)
		if isLone(outer, o, oEnd, '>') {
			return true
		}
		switch {
		case wildcards && isLone(inner, i, iEnd, '>'):
			return false
		case isLone(outer, o, oEnd, '*'):
		case wildcards && isLone(inner, i, iEnd, '*'):
			return false
		case string(outer[o:oEnd]) != string(inner[i:iEnd]):
			return false
		}
		oDone, iDone := oEnd == len(outer), iEnd == len(inner)
		if oDone || iDone {
			return oDone && iDone
		}
		o, i = oEnd+1, iEnd+1
	}
}

// Intersects reports whether some subject is matched by both a and b, each a
// valid subscription.
func Intersects[A, B Text](a A, b B) bool {
	i, j := 0, 0
	for {
		iEnd, jEnd := tokenEnd(a, i), tokenEnd(b, j)
		if isLone(a, i, iEnd, '>') || isLone(b, j, jEnd, '>') {
			return true
		}
		if !isLone(a, i, iEnd, '*') && !isLone(b, j, jEnd, '*') && string(a[i:iEnd]) != string(b[j:jEnd]) {
			return false
		}
		iDone, jDone := iEnd == len(a), jEnd == len(b)
		if iDone || jDone {
			return iDone && jDone
		}
		i, j = iEnd+1, jEnd+1
	}
}
