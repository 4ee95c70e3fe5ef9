package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Compression of what servers send each other.
type Compression struct {
	Mode CompressionMode
	// Thresholds of the round-trip time from which each next level is used, for
	// CompressionAuto.
	Thresholds []time.Duration
}

// String returns the mode, and the thresholds when there are any.
func (c Compression) String() string {
	if len(c.Thresholds) == 0 {
		return string(c.Mode)
	}
	return fmt.Sprintf("%s %v", c.Mode, c.Thresholds)
}

// CompressionMode is how hard is compressed. A mode that is none of the constants
// was written by mistake; it is refused at the start, not by a syntax check.
type CompressionMode string

// The modes. CompressionAccept does what the other side asks for.
const (
	CompressionOff    CompressionMode = "off"
	CompressionAccept CompressionMode = "accept"
	CompressionFast   CompressionMode = "s2_fast"
	CompressionBetter CompressionMode = "s2_better"
	CompressionBest   CompressionMode = "s2_best"
	CompressionAuto   CompressionMode = "s2_auto"
)

// compressionOption makes a compression option; on is what "true" means.
func compressionOption(on CompressionMode) *option.Of[Compression] {
	return option.Custom("compression", "boolean, mode, or block of mode and rtt_thresholds", func(n *option.Node) Compression {
		switch n.Kind() {
		case option.Bool:
			if n.Value.Bool {
				return Compression{Mode: on}
			}
			return Compression{Mode: CompressionOff}
		case option.String:
			return Compression{Mode: compressionMode(n.Value.Text, on)}
		case option.Map:
			return readCompression(n, on)
		}
		n.Errorf("field %q should be a boolean or a structure, got %s", n.Key, n.TypeName())
		return Compression{}
	}).Doc("Compression between servers: off, accept, s2_fast, s2_better, s2_best or s2_auto (by round-trip time).")
}

func compressionMode(text string, on CompressionMode) CompressionMode {
	switch text = strings.ToLower(text); text {
	case "on", "enabled", "true":
		return on
	case "off", "disabled", "false":
		return CompressionOff
	case "fast", "better", "best", "auto":
		return CompressionMode("s2_" + text)
	}
	return CompressionMode(text)
}

func readCompression(n *option.Node, on CompressionMode) Compression {
	compression := Compression{Mode: on}
	for _, field := range n.Fields() {
		switch strings.ToLower(field.Key) {
		case "mode":
			compression.Mode = compressionMode(field.String(), on)
		case "rtt_thresholds", "thresholds", "rtts", "rtt":
			for _, item := range field.Items() {
				d, err := time.ParseDuration(item.String())
				if err != nil {
					item.Errorf("error parsing %s: %v", field.Key, err)
				}
				compression.Thresholds = append(compression.Thresholds, max(d, 0))
			}
		default:
			if !field.Referenced {
				field.Errorf("unknown field %q", field.Key)
			}
		}
	}
	return compression
}
