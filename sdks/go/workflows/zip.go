package workflows

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"unicode/utf8"
)

// A package is a ZIP whose entries are stored, sorted and have fixed times and modes (APPNOTE.TXT 4.3). The same files
// give the same bytes everywhere, so a package is read by making it anew and comparing.
const (
	mostBytes      = 10 << 20
	mostFiles      = 200
	largestPackage = mostBytes + mostFiles*1024

	localSign, centralSign, endSign = 0x04034b50, 0x02014b50, 0x06054b50
	localSize, centralSize, endSize = 30, 46, 22

	zipVersion  = 20        // 2.0
	madeBy      = 3<<8 | 20 // Unix
	firstDay    = 33        // 1 January 1980
	regular0644 = 0o100644 << 16
	utf8Flag    = 0x800

	fetchAgain = "fetch it again; if that doesn't help, tell the registry's maintainers"
)

// shared are the fields that an entry's two headers have in common.
type shared struct {
	Needs, Flags, Method, Time, Date uint16
	CRC, Packed, Size                uint32
	NameLength, ExtraLength          uint16
}

// central are the fields that only the list at the end has.
type central struct {
	CommentLength, Disk, InnerAttributes uint16
	OuterAttributes, Offset              uint32
}

// writePackage is the package of files.
func writePackage(files Files) []byte {
	var data, list bytes.Buffer
	for _, path := range files.Paths() {
		content := files[path]
		entry := shared{
			Needs: zipVersion, Date: firstDay, CRC: crc32.ChecksumIEEE(content),
			Packed: uint32(len(content)), Size: uint32(len(content)), NameLength: uint16(len(path)),
		}
		if !isASCII(path) {
			entry.Flags = utf8Flag
		}
		put(&list, uint32(centralSign), uint16(madeBy), entry,
			central{OuterAttributes: regular0644, Offset: uint32(data.Len())}, []byte(path))
		put(&data, uint32(localSign), entry, []byte(path), content)
	}
	count, size, offset := uint16(len(files)), uint32(list.Len()), uint32(data.Len())
	data.Write(list.Bytes())
	put(&data, uint32(endSign), uint16(0), uint16(0), count, count, size, offset, uint16(0))
	return data.Bytes()
}

func put(to *bytes.Buffer, values ...any) {
	for _, value := range values {
		// A buffer takes everything, and all values are of fixed size.
		_ = binary.Write(to, binary.LittleEndian, value)
	}
}

// readPackage gives the files of a package; [ErrIntegrity] for whatever is not byte for byte what writePackage gives.
func readPackage(data []byte, location string) (Files, error) {
	fail := func(reason string) (Files, error) {
		return nil, &Error{Kind: ErrIntegrity, Reason: reason, Location: location, Help: fetchAgain}
	}
	if len(data) > largestPackage {
		return fail(fmt.Sprintf("the package is larger than %d bytes", mostBytes))
	}
	files, reason := entries(data)
	if reason != "" {
		return fail(reason)
	}
	if clash := pathClash(files.Paths()); clash != "" {
		return fail(clash)
	}
	if !bytes.Equal(writePackage(files), data) {
		return fail("the package is not in normal form")
	}
	return files, nil
}

// entries reads the list at a package's end; the reason where it is damaged.
func entries(data []byte) (Files, string) {
	end := len(data) - endSize
	if end < 0 || binary.LittleEndian.Uint32(data[end:]) != endSign {
		return nil, "not a package: it has no end record of a ZIP"
	}
	count := int(binary.LittleEndian.Uint16(data[end+10:]))
	if count > mostFiles {
		return nil, fmt.Sprintf("more than %d files", mostFiles)
	}
	at := uint64(binary.LittleEndian.Uint32(data[end+16:]))
	files := Files{}
	for range count {
		if at+centralSize > uint64(end) || binary.LittleEndian.Uint32(data[at:]) != centralSign {
			return nil, "not a package: its list of files is damaged"
		}
		size, reason := entry(data[:end], at, files)
		if reason != "" {
			return nil, reason
		}
		at += centralSize + size
	}
	return files, ""
}

// entry puts one file of the list into files, and gives the size of what follows its header; else the reason.
func entry(data []byte, at uint64, files Files) (uint64, string) {
	field := func(offset, size uint64) uint64 {
		if size == 2 {
			return uint64(binary.LittleEndian.Uint16(data[at+offset:]))
		}
		return uint64(binary.LittleEndian.Uint32(data[at+offset:]))
	}
	nameLength, size := field(28, 2), field(24, 4)
	start := field(42, 4) + localSize + nameLength
	if at+centralSize+nameLength > uint64(len(data)) || start+size > uint64(len(data)) {
		return 0, "not a package: a file ends behind its end"
	}
	path := string(data[at+centralSize : at+centralSize+nameLength])
	switch _, isThere := files[path]; {
	case !utf8.ValidString(path):
		return 0, "not a package: a path is not UTF-8"
	case unsafePath(path) != "":
		return 0, fmt.Sprintf("the path %q %s", shown(path, 80), unsafePath(path))
	case isThere:
		return 0, "duplicate entry " + path
	case field(10, 2) != 0 || field(8, 2)&1 != 0:
		return 0, path + " is not a plain stored file"
	}
	files[path] = bytes.Clone(data[start : start+size])
	return nameLength + field(30, 2) + field(32, 2), ""
}

func isASCII(path string) bool {
	for n := range len(path) {
		if path[n] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
