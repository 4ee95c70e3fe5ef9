package config

import (
	"strconv"
	"strings"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/option"
)

// Mapping rewrites the subject of messages as they are published.
type Mapping struct {
	Pos          option.Position
	Source       string
	Destinations []Destination
}

// Destination is one target of a mapping.
type Destination struct {
	Pos     option.Position
	Subject string
	// Weight in percent, 0 to 100.
	Weight int64
	// Cluster restricts the destination to servers of that cluster.
	Cluster string
}

func mappingsOption() *option.Of[[]*Mapping] {
	return option.Custom("mappings", "map of subject to destination, or list of weighted destinations", readMappings).
		Alias("maps").Fields(destinationTable)
}

func readMappings(n *option.Node) []*Mapping {
	if n.Kind() != option.Map {
		n.Errorf("Expected mappings to be a map/struct, got %s", n.TypeName())
		return nil
	}
	var mappings []*Mapping
	for _, field := range n.Fields() {
		if field.Referenced {
			continue
		}
		if !subject.ValidSubscription(field.Key) {
			field.Errorf("Subject %q is not a valid subject", field.Key)
			continue
		}
		m := &Mapping{Pos: field.Pos, Source: field.Key, Destinations: readDestinations(field)}
		if err := checkWeights(m.Destinations); err != "" {
			field.Errorf("Error adding mapping for %q : %s", m.Source, err)
		}
		mappings = append(mappings, m)
	}
	return mappings
}

func readDestinations(n *option.Node) []Destination {
	switch n.Kind() {
	case option.String:
		return []Destination{{Pos: n.Pos, Subject: n.Value.Text, Weight: 100}}
	case option.Map:
		return []Destination{readDestination(n)}
	case option.List:
		var destinations []Destination
		for _, item := range n.Items() {
			if item.Kind() != option.Map {
				item.Errorf("Expected an entry for the mapping destination")
				continue
			}
			destinations = append(destinations, readDestination(item))
		}
		return destinations
	}
	n.Errorf("Expected an entry for the mapping destination")
	return nil
}

var weightOption = option.Custom("weight", "integer or percentage", readWeight).
	Doc("Share of the messages in percent, 0 to 100.")

var destinationTable = option.NewTable(
	option.Text("destination").Alias("dest").Doc("Subject that replaces the published one."),
	weightOption,
	option.Text("cluster").Doc("Only servers of this cluster use the destination."),
).Unknown(`Unknown field "{key}" for mapping destination`).Strict()

func readDestination(n *option.Node) Destination {
	s := destinationTable.Read(n)
	d := Destination{
		Pos:     n.Pos,
		Subject: s.String("destination"),
		Weight:  weightOption.Get(s),
		Cluster: s.String("cluster"),
	}
	if !s.Has("weight") {
		n.Errorf("Missing weight for mapping destination %q", d.Subject)
	}
	return d
}

func readWeight(n *option.Node) int64 {
	var weight int64
	switch n.Kind() {
	case option.Int:
		weight = n.Value.Int
	case option.String:
		var err error
		weight, err = strconv.ParseInt(strings.TrimSuffix(n.Value.Text, "%"), 10, 64)
		if err != nil {
			n.Errorf("Invalid weight %q for mapping destination", n.Value.Text)
			return 0
		}
	default:
		n.Errorf("Unknown entry type for weight of mapping destination: %s", n.TypeName())
		return 0
	}
	if weight < 0 || weight > 100 {
		n.Errorf("Invalid weight %d for mapping destination", weight)
	}
	return weight
}

// checkWeights returns what is wrong with the destinations together, or "".
func checkWeights(destinations []Destination) string {
	totals := make(map[string]int64)
	seen := make(map[string]bool)
	for _, d := range destinations {
		if seen[d.Subject] {
			return "duplicate entry for " + strconv.Quote(d.Subject)
		}
		seen[d.Subject] = true
		if totals[d.Cluster] += d.Weight; totals[d.Cluster] > 100 && d.Weight <= 100 {
			return "total weight needs to be <= 100"
		}
	}
	return ""
}
