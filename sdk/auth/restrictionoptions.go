package auth

import (
	"net/netip"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// SourcesOption is the option that holds the networks a credential may be used
// from: one or a list.
func SourcesOption() *option.Of[[]netip.Prefix] {
	return option.Custom("source_networks", option.TypeTextOrList, readNetworks).Alias("src").
		Doc("Networks in CIDR notation from which the connection may come; absent means all.")
}

// TimesOption is the option that holds the times of day at which a credential
// may be used.
func TimesOption() *option.Of[[]TimeRange] {
	return option.Custom("times", option.TypeBlocks, readTimes).Fields(timeRangeTable).
		Doc("Times of day at which the connection may exist; absent means always. It is closed when they end.")
}

// LocationOption is the option that holds the time zone of [TimesOption].
func LocationOption() *option.Of[*time.Location] {
	return option.Custom("times_location", option.TypeText, readLocation).
		Doc("Time zone of times, as named by the IANA; the machine's when absent.")
}

var (
	startOption    = option.Custom("start", option.TypeText, readTimeOfDay).Required().Doc("First moment, HH:MM:SS.")
	endOption      = option.Custom("end", option.TypeText, readTimeOfDay).Required().Doc("Last moment, HH:MM:SS. Earlier than start: the range spans midnight.")
	timeRangeTable = option.NewTable(startOption, endOption)
)

func readTimes(n *option.Node) []TimeRange {
	var ranges []TimeRange
	for _, item := range oneOrMany(n) {
		block := timeRangeTable.Read(item)
		ranges = append(ranges, TimeRange{Start: startOption.Get(block), End: endOption.Get(block)})
	}
	return ranges
}

func readTimeOfDay(n *option.Node) TimeOfDay {
	if n.Kind() != option.String {
		n.Errorf("expected a time of day as HH:MM:SS, got %s", n.TypeName())
		return 0
	}
	t, err := ParseTimeOfDay(n.Value.Text)
	if err != nil {
		n.Errorf("%v", err)
	}
	return t
}

func readLocation(n *option.Node) *time.Location {
	if n.Kind() != option.String {
		n.Errorf("expected the name of a time zone, got %s", n.TypeName())
		return nil
	}
	location, err := time.LoadLocation(n.Value.Text)
	if err != nil {
		n.Errorf("%v", err)
	}
	return location
}

// ConnectionTypesOption is an option that holds connection types: one or a list,
// in any letter case.
func ConnectionTypesOption(name string) *option.Of[[]ConnectionType] {
	return option.Custom(name, option.TypeTextOrList, func(n *option.Node) []ConnectionType {
		var types []ConnectionType
		var unknown []string
		eachText(n, func(_ *option.Node, text string) {
			switch t := ConnectionType(strings.ToUpper(text)); t {
			case Standard, WebSocket, Leafnode, LeafnodeWS, MQTT, MQTTWS, InProcess:
				types = append(types, t)
			default:
				unknown = append(unknown, string(t))
			}
		})
		if unknown != nil {
			n.Errorf("invalid connection types %q", unknown)
		}
		return types
	})
}

func readNetworks(n *option.Node) []netip.Prefix {
	var networks []netip.Prefix
	eachText(n, func(node *option.Node, text string) {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			node.Errorf("%q is not a network in CIDR notation", text)
		}
		networks = append(networks, network.Masked())
	})
	return networks
}

// oneOrMany are the elements of a list, or the node itself when it is none.
func oneOrMany(n *option.Node) []*option.Node {
	if n.Kind() == option.List {
		return n.Items()
	}
	return []*option.Node{n}
}

// eachText hands over the strings of a node that holds one or a list.
func eachText(n *option.Node, use func(node *option.Node, text string)) {
	for _, node := range oneOrMany(n) {
		if node.Kind() != option.String {
			node.Errorf("wrong type for %q: expected a string, got %s", node.Key, node.TypeName())
			continue
		}
		use(node, node.Value.Text)
	}
}
