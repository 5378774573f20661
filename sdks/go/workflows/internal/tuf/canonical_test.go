package tuf

import "testing"

func TestCanonicalJSONIsThatOfSecuresystemslib(t *testing.T) {
	for given, wanted := range map[string]string{
		`{"b": [1, -2, true, false, null], "a": {}}`: `{"a":{},"b":[1,-2,true,false,null]}`,
		`"a\"b\\c\nd\u0007é\/"`:                      "\"a\\\"b\\\\c\nd\aé/\"",
		`{"\ud83d\ude00": 1, "\uffff": 2}`:           "{\"\uffff\":2,\"😀\":1}", // by code points, not by UTF-16
		`9007199254740993`:                           `9007199254740993`,
	} {
		value, err := decoded([]byte(given))
		if err != nil {
			t.Fatal(err)
		}
		if found, err := canonical(value); err != nil || string(found) != wanted {
			t.Errorf("%s: found %q (%v), wanted %q", given, found, err, wanted)
		}
	}
	for _, given := range []string{`1.5`, `1e3`, `[-0]`, `{"a": {"b": 0.1}}`} {
		value, _ := decoded([]byte(given))
		if found, err := canonical(value); err == nil {
			t.Errorf("%s: found %q, wanted an error", given, found)
		}
	}
}
