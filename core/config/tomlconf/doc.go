// Package tomlconf reads TOML into the same positioned tree that core/config/conf
// makes of the NATS configuration language.
//
// It owns what TOML lacks: positions of keys and values, references to variables
// and included files. core/config calls it for files whose name ends in .toml.
//
//   - A string that is exactly a dollar sign and a name is a reference to a key
//     written earlier, in the table itself or in one around it, else to an
//     environment variable. A name is a letter or an underscore, then letters,
//     digits, underscores and hyphens. Two dollar signs stand for one: "$$SYS" is
//     the text $SYS.
//   - The top-level key include names a file, or a list of files, whose keys join
//     those of this file. Paths are relative to the file that names them.
//   - The values of environment variables are read as conf reads them, so that a
//     variable means the same to both syntaxes.
//
// Values are those of github.com/BurntSushi/toml, which says nothing about
// positions; a locator of this package walks the same bytes and finds them.
package tomlconf
