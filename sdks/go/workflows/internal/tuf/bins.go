package tuf

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

const mostBits = 32

// binOf is the name of the bin that signs a file (TAP 15); empty where targets are spread over none.
func (o *opened) binOf(path string) (string, error) {
	if o.Delegations == nil || o.Delegations.Succinct == nil {
		return "", nil
	}
	bins := o.Delegations.Succinct
	if bins.BitLength < 1 || bins.BitLength > mostBits {
		return "", &Error{ErrInvalid, fmt.Sprintf("targets are spread by %d bits", bins.BitLength)}
	}
	sum := sha256.Sum256([]byte(path))
	number := binary.BigEndian.Uint32(sum[:4]) >> (mostBits - bins.BitLength)
	digits := len(fmt.Sprintf("%x", uint64(1)<<bins.BitLength-1))
	return fmt.Sprintf("%s-%0*x", bins.NamePrefix, digits, number), nil
}
