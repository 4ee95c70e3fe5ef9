package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

// Value reads settings that a test writes as a JSON object. It ends the test
// when they are not one.
func Value(t testing.TB, text string) *option.Value {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decode(decoder)
	if err != nil || value.Kind != option.Map {
		t.Fatalf("settings are no JSON object: %v: %s", err, text)
	}
	return value
}

// Settings reads settings that a test writes as a JSON object and checks them
// against the table. The error tells everything that is wrong with them.
func Settings(t testing.TB, table *option.Table, text string) (*option.Settings, error) {
	t.Helper()
	var report option.Report
	settings := table.Read(option.NewNode("config", option.Position{}, Value(t, text), &report))
	return settings, report.Err()
}

// decode reads one value. It goes by tokens because maps would lose the order.
func decode(decoder *json.Decoder) (*option.Value, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case string:
		return &option.Value{Kind: option.String, Text: v}, nil
	case bool:
		return &option.Value{Kind: option.Bool, Bool: v}, nil
	case json.Number:
		return number(v)
	case json.Delim:
		if v == '[' {
			return list(decoder)
		}
		return object(decoder)
	}
	return nil, fmt.Errorf("unexpected %v", token)
}

func number(n json.Number) (*option.Value, error) {
	if i, err := n.Int64(); err == nil {
		return &option.Value{Kind: option.Int, Int: i}, nil
	}
	f, err := n.Float64()
	return &option.Value{Kind: option.Float, Float: f}, err
}

func list(decoder *json.Decoder) (*option.Value, error) {
	value := &option.Value{Kind: option.List}
	for decoder.More() {
		item, err := decode(decoder)
		if err != nil {
			return nil, err
		}
		value.List = append(value.List, item)
	}
	_, err := decoder.Token()
	return value, err
}

func object(decoder *json.Decoder) (*option.Value, error) {
	value := &option.Value{Kind: option.Map}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		member, err := decode(decoder)
		if err != nil {
			return nil, err
		}
		value.Fields = append(value.Fields, option.Field{Key: fmt.Sprint(key), Value: member})
	}
	_, err := decoder.Token()
	return value, err
}
