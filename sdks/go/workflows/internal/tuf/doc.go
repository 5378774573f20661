// Package tuf is a client of The Update Framework: it tells which files a repository's keys signed, and refuses
// metadata that is old, expired, of other keys, or of versions that don't belong together.
//
// It does what the specification's client workflow asks (https://theupdateframework.github.io/specification/latest/,
// 5), for Ed25519 keys, SHA-256 and targets in hashed bins (TAP 15), as the registry signs.
package tuf
