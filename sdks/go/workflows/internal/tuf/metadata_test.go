package tuf

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const common = `"_type": "targets", "spec_version": "1.0.31", "version": 1, "expires": "2027-01-01T00:00:00Z"`

// signedBy gives metadata that keys have signed, with more members before those that are signed.
func signedBy(t *testing.T, members, more string, keys ...ed25519.PrivateKey) []byte {
	t.Helper()
	value, err := decoded([]byte("{" + members + "}"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := canonical(value)
	if err != nil {
		t.Fatal(err)
	}
	signatures := []map[string]string{}
	for n, one := range keys {
		sig := hex.EncodeToString(ed25519.Sign(one, data))
		signatures = append(signatures, map[string]string{"keyid": fmt.Sprint(n), "sig": sig})
	}
	listed, err := json.Marshal(signatures)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"signatures": %s, "signed": {%s%s}}`, listed, more, members)
}

func publicOf(private ed25519.PrivateKey) key {
	made := key{KeyType: "ed25519", Scheme: "ed25519"}
	made.KeyVal.Public = hex.EncodeToString(private.Public().(ed25519.PublicKey))
	return made
}

func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
}

func TestMembersThatAreThereTwiceCountOnceAsTheyAreSigned(t *testing.T) {
	one := testKey(1)
	data := signedBy(t, common+`, "targets": {"good": {"length": 1}}`, `"targets": {"evil": {"length": 1}},`, one)
	found, err := open(data, "targets")
	if err != nil {
		t.Fatal(err)
	}
	if err := found.demandSigned(map[string]key{"0": publicOf(one)}, role{[]string{"0"}, 1}, "targets"); err != nil {
		t.Fatal(err)
	}
	if _, isThere := found.Targets["evil"]; isThere || len(found.Targets) != 1 {
		t.Errorf("found %v", found.Targets)
	}
}

func TestOneKeyUnderTwoNamesIsOne(t *testing.T) {
	one, two := testKey(1), testKey(2)
	by := role{[]string{"0", "1"}, 2}
	for _, both := range [][]ed25519.PrivateKey{{one, one}, {one, two}} {
		found, err := open(signedBy(t, common, "", both...), "targets")
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]key{"0": publicOf(both[0]), "1": inCapitals(publicOf(both[1]))}
		err = found.demandSigned(keys, by, "targets")
		if isOne := errors.Is(err, ErrUnsigned); isOne != both[0].Equal(both[1]) {
			t.Errorf("found %v", err)
		}
	}
}

func inCapitals(one key) key {
	one.KeyVal.Public = strings.ToUpper(one.KeyVal.Public)
	return one
}

func TestAThresholdOfNoneIsMetByNobody(t *testing.T) {
	found, err := open(signedBy(t, common, ""), "targets")
	if err != nil {
		t.Fatal(err)
	}
	if err := found.demandSigned(nil, role{}, "targets"); !errors.Is(err, ErrUnsigned) {
		t.Errorf("found %v", err)
	}
}

func TestWhatIsNoMetadataIsInvalid(t *testing.T) {
	for _, given := range []string{
		`{}`, `[]`, `null`, `{"signed": {}}`, `{"signed": null, "signatures": []}`, `<html>`,
		`{"signed": {"_type": "targets", "spec_version": "2.0", "version": 1, "expires": "2027-01-01T00:00:00Z"}}`,
		`{"signed": {"_type": "targets", "spec_version": "1.0.31", "version": 0, "expires": "2027-01-01T00:00:00Z"}}`,
		`{"signed": {"_type": "targets", "spec_version": "1.0.31", "version": 1.5, "expires": "2027-01-01T00:00:00Z"}}`,
		`{"signed": {"_type": "targets", "spec_version": "1.0.31", "version": 1, "expires": "soon"}}`,
		`{"signed": {"_type": "root", "spec_version": "1.0.31", "version": 1, "expires": "2027-01-01T00:00:00Z"}}`,
	} {
		if _, err := open([]byte(given), "targets"); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", given, err)
		}
	}
}
