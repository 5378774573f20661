package tuf

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// envelope is a file of metadata: what is signed, and by whom.
type envelope struct {
	Signed     json.RawMessage `json:"signed"`
	Signatures []struct {
		KeyID string `json:"keyid"`
		Sig   string `json:"sig"`
	} `json:"signatures"`
}

// signed are the members of all roles, and of each what the others lack.
type signed struct {
	Type        string              `json:"_type"`
	SpecVersion string              `json:"spec_version"`
	Version     int64               `json:"version"`
	Expires     time.Time           `json:"expires"`
	Consistent  bool                `json:"consistent_snapshot"`
	Keys        map[string]key      `json:"keys"`
	Roles       map[string]role     `json:"roles"`
	Meta        map[string]metaFile `json:"meta"`
	Targets     map[string]Target   `json:"targets"`
	Delegations *delegations        `json:"delegations"`
}

// key is a public key.
type key struct {
	KeyType string `json:"keytype"`
	Scheme  string `json:"scheme"`
	KeyVal  struct {
		Public string `json:"public"`
	} `json:"keyval"`
}

// role says whose signatures count, and how many it takes.
type role struct {
	KeyIDs    []string `json:"keyids"`
	Threshold int      `json:"threshold"`
}

// metaFile is what one file says of another; Length is 0 and Hashes are empty where it says nothing.
type metaFile struct {
	Version int64             `json:"version"`
	Length  int64             `json:"length"`
	Hashes  map[string]string `json:"hashes"`
}

// delegations name the keys of bins, over which targets are spread by the hash of their path.
type delegations struct {
	Keys     map[string]key `json:"keys"`
	Succinct *struct {
		role
		BitLength  int    `json:"bit_length"`
		NamePrefix string `json:"name_prefix"`
	} `json:"succinct_roles"`
}

// Target is what is signed of a file.
type Target struct {
	Length int64             `json:"length"`
	Hashes map[string]string `json:"hashes"`
}

// Fits tells whether these are the file's bytes.
func (t Target) Fits(data []byte) bool {
	return int64(len(data)) == t.Length && fitsHash(t.Hashes, data)
}

func (m metaFile) fits(data []byte) bool {
	return (m.Length == 0 || int64(len(data)) == m.Length) && (len(m.Hashes) == 0 || fitsHash(m.Hashes, data))
}

func fitsHash(hashes map[string]string, data []byte) bool {
	sum := sha256.Sum256(data)
	return hashes["sha256"] == hex.EncodeToString(sum[:])
}

// opened is metadata whose signatures have still to be looked at.
type opened struct {
	signed
	envelope
	bytes []byte
}

// open reads a file of a kind; ErrInvalid says what it is not.
func open(data []byte, kind string) (*opened, error) {
	var found opened
	if err := found.read(data); err != nil {
		return nil, &Error{ErrInvalid, kind + ": " + err.Error()}
	}
	isOurs := found.Type == kind && strings.HasPrefix(found.SpecVersion, "1.") && found.Version > 0 && !found.Expires.IsZero()
	if !isOurs {
		return nil, &Error{ErrInvalid, fmt.Sprintf("not a %s of specification 1", kind)}
	}
	return &found, nil
}

// read takes the members out of what is signed, and of nothing else: encoding/json would put members that are there
// twice into one map, of which a signature covers the last alone.
func (o *opened) read(data []byte) error {
	if err := json.Unmarshal(data, &o.envelope); err != nil {
		return err
	}
	value, err := decoded(o.Signed)
	if err != nil {
		return err
	}
	if o.bytes, err = canonical(value); err != nil {
		return err
	}
	members, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(members, &o.signed)
}

// demandSigned is ErrUnsigned where fewer keys of a role have signed than its threshold.
func (o *opened) demandSigned(keys map[string]key, by role, name string) error {
	signatures := map[string]string{}
	for _, one := range o.Signatures {
		signatures[one.KeyID] = one.Sig
	}
	signers := map[string]bool{} // by the key itself: one key under two names is one
	for _, id := range by.KeyIDs {
		if public := keys[id]; public.verifies(o.bytes, signatures[id]) {
			signers[strings.ToLower(public.KeyVal.Public)] = true
		}
	}
	if by.Threshold < 1 || len(signers) < by.Threshold {
		detail := fmt.Sprintf("%s has %d of %d signatures", name, len(signers), by.Threshold)
		return &Error{ErrUnsigned, detail}
	}
	return nil
}

func (k key) verifies(data []byte, signature string) bool {
	public, errPublic := hex.DecodeString(k.KeyVal.Public)
	sig, errSig := hex.DecodeString(signature)
	return errPublic == nil && errSig == nil && k.KeyType == "ed25519" && k.Scheme == "ed25519" &&
		len(public) == ed25519.PublicKeySize && ed25519.Verify(public, data, sig)
}
