package config

import "github.com/trellismq/trellis/sdk/option"

// Import brings subjects of another account into an account.
type Import struct {
	Pos option.Position
	// Service is true for requests, false for a stream of messages.
	Service bool
	// Account and Subject are those of the export.
	Account string
	Subject string
	// To is the local subject; empty means Subject.
	To string
	// Prefix is put before Subject, for streams only.
	Prefix string
	// Share tells the service about the requesting client.
	Share bool
	// AllowTrace belongs to streams.
	AllowTrace bool
}

// Kind returns "service" or "stream".
func (i *Import) Kind() string { return kindOf(i.Service) }

func importsOption() *option.Of[[]*Import] {
	return option.Custom("imports", option.TypeBlocks, func(n *option.Node) []*Import {
		if n.Kind() != option.List {
			n.Errorf("Imports should be an array, got %s", n.TypeName())
			return nil
		}
		var imports []*Import
		for _, item := range n.Items() {
			if item.Kind() != option.Map {
				item.Errorf("Import Items should be a map with type entry, got %s", item.TypeName())
				continue
			}
			if i := readImport(item); i != nil {
				imports = append(imports, i)
			}
		}
		return imports
	}).Fields(importTable).
		Doc("Streams and services of other accounts.")
}

// source names what is imported.
type source struct{ Account, Subject string }

func sourceOption(kind, title string) *option.Of[*source] {
	return option.Custom(kind, option.TypeBlock, func(n *option.Node) *source {
		if n.Kind() != option.Map {
			n.Errorf("%s entry should be an account map, got %s", title, n.TypeName())
			return nil
		}
		s := sourceTable.Read(n)
		from := &source{Account: s.String("account"), Subject: s.String("subject")}
		if from.Account == "" || from.Subject == "" {
			n.Errorf("Expect an account name and a subject")
		}
		return from
	}).Fields(sourceTable)
}

var sourceTable = option.NewTable(
	option.Text("account").Doc("Account that exports."),
	option.Text("subject").Doc("Subject, as the other account publishes it."),
)

var (
	streamSource  = sourceOption("stream", "Stream").Doc("Stream to import.")
	serviceSource = sourceOption("service", "Service").Doc("Service to import.")
)

var importTable = option.NewTable(
	streamSource,
	serviceSource,
	option.Text("prefix").Doc("Prefix of the local subject of a stream."),
	option.Text("to").Doc("Local subject."),
	option.Switch("share").Doc("Tell the service about the requesting client."),
	option.Switch("allow_trace").Doc("Traces may follow a message through the stream."),
)

// readImport returns nil when the entry holds no usable import.
func readImport(n *option.Node) *Import {
	r := n.Report()
	failed := len(r.Errors)
	s := importTable.Read(n)
	i := &Import{
		Pos:        n.Pos,
		Service:    s.Has("service"),
		To:         s.String("to"),
		Prefix:     s.String("prefix"),
		Share:      s.Bool("share"),
		AllowTrace: s.Bool("allow_trace"),
	}
	from := streamSource.Get(s)
	if i.Service {
		from = serviceSource.Get(s)
	}
	switch {
	case s.Has("stream") && s.Has("service"):
		n.Errorf("Detected service but already saw a stream")
	case i.Service && s.Has("allow_trace"):
		r.Errorf(s.PosOf("allow_trace"), "Detected allow_trace directive on a non-stream")
	case !i.Service && i.Prefix != "" && i.To != "":
		n.Errorf("Stream import can not have a 'prefix' and a 'to' property")
	}
	if from == nil || len(r.Errors) > failed {
		return nil
	}
	i.Account, i.Subject = from.Account, from.Subject
	return i
}
