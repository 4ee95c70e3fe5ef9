package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Export offers subjects of an account to others.
type Export struct {
	Pos option.Position
	// Service is true for requests, false for a stream of messages.
	Service bool
	Subject string
	// Accounts that may import; nil is every account.
	Accounts []string
	// TokenPosition is the token of Subject, from 1, that must be the importing
	// account's name; 0 is none.
	TokenPosition int64
	// Response, Threshold, Latency and AllowTrace belong to services.
	Response   ResponseType
	Threshold  time.Duration
	Latency    *Latency
	AllowTrace bool
}

// Kind returns "service" or "stream".
func (e *Export) Kind() string { return kindOf(e.Service) }

func kindOf(service bool) string {
	if service {
		return "service"
	}
	return "stream"
}

// ResponseType says how a service answers.
type ResponseType string

// The ways a service answers; empty means a single message.
const (
	ResponseSingle  ResponseType = "single"
	ResponseStream  ResponseType = "stream"
	ResponseChunked ResponseType = "chunked"
)

// Latency says where the response times of a service are published.
type Latency struct {
	Subject string
	// Sampling in percent, 1 to 100; 0 when the headers of a request decide.
	Sampling int64
}

func exportsOption() *option.Of[[]*Export] {
	return option.Custom("exports", option.TypeBlocks, func(n *option.Node) []*Export {
		if n.Kind() != option.List {
			n.Errorf("Exports should be an array, got %s", n.TypeName())
			return nil
		}
		var exports []*Export
		for _, item := range n.Items() {
			if item.Kind() != option.Map {
				item.Errorf("Export Items should be a map with type entry, got %s", item.TypeName())
				continue
			}
			if e := readExport(item); e != nil {
				exports = append(exports, e)
			}
		}
		return exports
	}).Fields(exportTable).
		Doc("Streams and services that other accounts may import.")
}

var exportTable = option.NewTable(
	option.Text("stream").Doc("Subject of an exported stream."),
	option.Text("service").Doc("Subject of an exported service."),
	option.Texts("accounts").Doc("Accounts that may import; every account when not set."),
	option.Number("account_token_position").Doc("Token of the subject, from 1, that must be the importing account's name."),
	responseOption,
	thresholdOption,
	latencyOption,
	option.Switch("allow_trace").Doc("Traces may follow a request into the service."),
)

var responseOption = option.Custom("response", option.TypeText, func(n *option.Node) ResponseType {
	switch strings.ToLower(n.String()) {
	case "single", "singleton":
		return ResponseSingle
	case "stream":
		return ResponseStream
	case "chunk", "chunked":
		return ResponseChunked
	}
	n.Errorf("Unknown response type: %q", n)
	return ""
}).Alias("response_type").Doc("How the service answers: single, stream or chunked.")

var thresholdOption = option.Custom("threshold", option.TypeDuration, func(n *option.Node) time.Duration {
	d, err := time.ParseDuration(n.String())
	if n.Kind() != option.String || err != nil {
		n.Errorf("Expected response threshold to be a parseable time duration, got %q", n)
	}
	return d
}).Alias("response_threshold", "response_max_time", "response_time").
	Doc("Time after which an answer no longer counts.")

var latencyOption = option.Custom("latency", "string or block", readLatency).
	Doc("Subject for response times, or a block of subject and sampling (percent, or headers).")

// readExport returns nil when the entry holds no usable export.
func readExport(n *option.Node) *Export {
	failed := len(n.Report().Errors)
	s := exportTable.Read(n)
	e := &Export{
		Pos:           n.Pos,
		Service:       s.Has("service"),
		Accounts:      s.Strings("accounts"),
		TokenPosition: s.Int("account_token_position"),
		Response:      responseOption.Get(s),
		Threshold:     thresholdOption.Get(s),
		Latency:       latencyOption.Get(s),
		AllowTrace:    s.Bool("allow_trace"),
	}
	e.Subject = s.String(e.Kind())
	r := n.Report()
	if s.Has("stream") && s.Has("service") {
		reportBoth(r, s)
	}
	if !e.Service {
		for _, o := range []struct{ name, text string }{
			{"response", "Detected response directive on non-service"},
			{"threshold", "Detected response directive on non-service"},
			{"latency", "Detected latency directive on non-service"},
			{"allow_trace", "Detected allow_trace directive on non-service"},
		} {
			if s.Has(o.name) {
				r.Errorf(s.PosOf(o.name), "%s", o.text)
			}
		}
	}
	if len(r.Errors) > failed {
		return nil
	}
	return e
}

// reportBoth blames whichever of stream and service was written second.
func reportBoth(r *option.Report, s *option.Settings) {
	stream, service := s.PosOf("stream"), s.PosOf("service")
	if stream.Line > service.Line || stream.Line == service.Line && stream.Column > service.Column {
		r.Errorf(stream, "Detected stream %q but already saw a service", s.Value("stream"))
		return
	}
	r.Errorf(service, "Detected service %q but already saw a stream", s.Value("service"))
}

// readLatency reads a subject, sampled in full, or a block.
func readLatency(n *option.Node) *Latency {
	latency := &Latency{Sampling: 100}
	switch n.Kind() {
	case option.String:
		latency.Subject = n.Value.Text
	case option.Map:
		for _, field := range n.Fields() {
			switch strings.ToLower(field.Key) {
			case "subject":
				latency.Subject = field.String()
			case "sampling":
				latency.Sampling = readSampling(field)
			default:
				if !field.Referenced {
					field.Errorf("unknown field %q", field.Key)
				}
			}
		}
	default:
		n.Errorf("Expected latency entry to be a map/struct or string, got %s", n.TypeName())
		return latency
	}
	if latency.Subject == "" {
		n.Errorf("Latency subject required, but missing")
	}
	return latency
}

// readSampling reads a percentage from 1 to 100, or "headers", which is 0.
func readSampling(n *option.Node) int64 {
	var percent int64
	switch n.Kind() {
	case option.Int:
		percent = n.Value.Int
	case option.String:
		text := strings.TrimSpace(n.Value.Text)
		if strings.EqualFold(text, "headers") {
			return 0
		}
		var err error
		percent, err = strconv.ParseInt(strings.TrimSuffix(text, "%"), 10, 64)
		if err != nil {
			n.Errorf("Failed to parse latency sample: %v", err)
			return 0
		}
	default:
		n.Errorf("Expected latency sample to be a string or map/struct, got %s", n.TypeName())
		return 0
	}
	if percent < 1 || percent > 100 {
		n.Errorf("bad sampling percentage, should be 1-100")
	}
	return percent
}
