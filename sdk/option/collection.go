package option

// Texts makes an option that holds a list of strings.
func Texts(name string) *Of[[]string] {
	return newOf(name, TypeTexts, List, func(o *Option, n *Node) []string {
		if n.Kind() != List {
			o.wrongType(n, "a list of strings")
			return nil
		}
		return o.texts(n)
	})
}

// TextOrList makes an option that holds a string or a list of strings.
func TextOrList(name string) *Of[[]string] {
	return newOf(name, TypeTextOrList, String, func(o *Option, n *Node) []string {
		switch n.Kind() {
		case String:
			return []string{n.Value.Text}
		case List:
			return o.texts(n)
		}
		o.wrongType(n, "a string or a list of strings")
		return nil
	})
}

// texts returns an empty, non-nil slice for an empty list.
func (o *Option) texts(n *Node) []string {
	texts := make([]string, 0, len(n.Value.List))
	for _, item := range n.Items() {
		if item.Kind() != String {
			o.wrongType(item, "a string")
			continue
		}
		texts = append(texts, item.Value.Text)
	}
	return texts
}

// TextMap makes an option that holds a map of strings. Keys keep their case.
func TextMap(name string) *Of[map[string]string] {
	return newOf(name, TypeTextMap, Map, func(o *Option, n *Node) map[string]string {
		if n.Kind() != Map {
			o.wrongType(n, "a map of strings")
			return nil
		}
		texts := make(map[string]string, len(n.Value.Fields))
		for _, field := range n.Fields() {
			if field.Kind() != String {
				o.wrongType(field, "a string")
				continue
			}
			texts[field.Key] = field.Value.Text
		}
		return texts
	})
}

// Block makes an option that holds a nested block.
func Block(name string, table *Table) *Of[*Settings] {
	of := newOf(name, TypeBlock, Map, func(o *Option, n *Node) *Settings {
		if n.Kind() != Map {
			o.wrongType(n, "a block")
			return nil
		}
		return table.Read(n)
	})
	of.desc.Table = table
	return of
}

// Blocks makes an option that holds a list of blocks.
func Blocks(name string, table *Table) *Of[[]*Settings] {
	of := newOf(name, TypeBlocks, List, func(o *Option, n *Node) []*Settings {
		if n.Kind() != List {
			o.wrongType(n, "a list of blocks")
			return nil
		}
		blocks := make([]*Settings, 0, len(n.Value.List))
		for _, item := range n.Items() {
			if item.Kind() != Map {
				o.wrongType(item, "a block")
				continue
			}
			blocks = append(blocks, table.Read(item))
		}
		return blocks
	})
	of.desc.Table = table
	return of
}

// Raw makes an option that is kept as written, for whoever knows what it means.
func Raw(name string, typ Type, kind Kind) *Of[*Value] {
	return newOf(name, typ, kind, func(o *Option, n *Node) *Value {
		if n.Kind() != kind {
			o.wrongType(n, kindName(kind))
			return nil
		}
		return n.Value
	})
}
