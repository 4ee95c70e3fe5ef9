package config

import (
	"strconv"
	"strings"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/option"
)

// Trace says where messages of an account are traced to.
type Trace struct {
	Destination string
	// Sampling in percent, 1 to 100.
	Sampling int64
}

func traceOption() *option.Of[*Trace] {
	return option.Custom("msg_trace", "subject, or block of dest and sampling", readTrace).
		Alias("trace_dest").
		Doc("Where messages that ask to be traced are traced to, and how many of them.")
}

func readTrace(n *option.Node) *Trace {
	trace := &Trace{Sampling: 100}
	var sampled bool
	switch n.Kind() {
	case option.String:
		trace.Destination = readTraceSubject(n)
	case option.Map:
		for _, field := range n.Fields() {
			switch strings.ToLower(field.Key) {
			case "dest":
				trace.Destination = readTraceSubject(field)
			case "sampling":
				trace.Sampling, sampled = readTraceSampling(field), true
			default:
				if !field.Referenced {
					field.Errorf("Unknown field %q parsing account message trace map/struct %q", field.Key, n.Key)
				}
			}
		}
	default:
		n.Errorf("Expected account message trace %q to be a string or a map/struct, got %s", n.Key, n.TypeName())
		return nil
	}
	if trace.Destination == "" {
		if sampled {
			n.Warnf("Trace destination sampling ignored since no destination was set")
		}
		return nil
	}
	return trace
}

func readTraceSubject(n *option.Node) string {
	if n.Kind() != option.String {
		n.Errorf("Field %q should be a string, got %s", n.Key, n.TypeName())
		return ""
	}
	// Traces are published, so the destination has to be literal.
	if s := n.Value.Text; s != "" && (!subject.ValidPublish(s) || subject.HasWildcard(s)) {
		n.Errorf("Trace destination %q is not valid", s)
		return ""
	}
	return n.Value.Text
}

func readTraceSampling(n *option.Node) int64 {
	var percent int64
	switch n.Kind() {
	case option.Int:
		percent = n.Value.Int
	case option.String:
		var err error
		percent, err = strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(n.Value.Text), "%"), 10, 64)
		if err != nil {
			n.Errorf("Invalid trace destination sampling value %q", n.Value.Text)
			return 0
		}
	default:
		n.Errorf("Trace destination sampling field %q should be an integer or a percentage, got %s", n.Key, n.TypeName())
		return 0
	}
	if percent < 1 || percent > 100 {
		// The spelling is nats-server's.
		n.Errorf("Ttrace destination sampling value %d is invalid, needs to be [1..100]", percent)
	}
	return percent
}
