package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// answersOfTrust is what tests/conformance/trust.json calls a reason that has these words; the first counts.
var answersOfTrust = []struct{ words, answer string }{
	{"older metadata than was seen before", "older or mixed"},
	{"its signed metadata has expired", "expired"},
	{"lacks signatures of keys that count", "signatures"},
	{"not the one that the registry signed", "altered"},
	{"don't belong together, or one was altered", "altered"},
	{"more than", "too long"},
	{"the root is not the pinned one", "another root"},
	{"a root of this registry is pinned, and it isn't served", "no root"},
	{"withheld", "withheld"},
	{"its signed metadata is not valid", "not valid"},
	{"there is no workflow", "not found"},
}

// trustSites is the address of the copies that tests/sdk/trust_sites.py makes, and the pinned root.
func trustSites(t *testing.T) (string, string) {
	t.Helper()
	address := os.Getenv("TRUST_SITES")
	if address == "" {
		t.Skip("TRUST_SITES names no server of signed registries: tests/sdk/test_go.py starts one")
	}
	response, err := http.Get(address + "/pin")
	must(t, err)
	defer response.Body.Close()
	pin, err := io.ReadAll(response.Body)
	must(t, err)
	return address, string(pin)
}

func runTrust(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		Visits []struct {
			At        time.Time
			Copy, Get string
		}
	}](t, given)
	address, pin := trustSites(t)
	folder, answers := t.TempDir(), []string{}
	for _, visit := range asked.Visits {
		clock := func() time.Time { return visit.At }
		client, err := NewClient(address+"/"+visit.Copy, WithRoot(pin), WithTrustFolder(folder), WithClock(clock))
		must(t, err)
		found, err := client.Get(t.Context(), visit.Get)
		if err != nil {
			answers = append(answers, answerOfTrust(t, err))
			continue
		}
		answers = append(answers, found.Version)
	}
	return members{"answers": answers}
}

func answerOfTrust(t *testing.T, err error) string {
	t.Helper()
	var failed *Error
	if !errors.As(err, &failed) || !(errors.Is(err, ErrIntegrity) || errors.Is(err, ErrNotFound)) {
		t.Fatal(err)
	}
	if failed.Location == "" || failed.Help == "" {
		t.Errorf("no place or no fix: %v", err)
	}
	for _, one := range answersOfTrust {
		if strings.Contains(failed.Reason, one.words) {
			return one.answer
		}
	}
	return failed.Error()
}

// TestAClientStaysInUseWhileARegistryPublishes reads Monday's copy and then Tuesday's, at one address.
func TestAClientStaysInUseWhileARegistryPublishes(t *testing.T) {
	address, pin := trustSites(t)
	var isTuesday atomic.Bool
	served := roundTrip(func(asked *http.Request) (*http.Response, error) {
		copied := map[bool]string{false: "/monday", true: "/tuesday"}[isTuesday.Load()]
		asked.URL.Path = copied + asked.URL.Path
		return http.DefaultTransport.RoundTrip(asked)
	})
	now := time.Date(2026, 1, 6, 11, 59, 0, 0, time.UTC)
	client, err := NewClient(address, WithRoot(pin), WithTrustFolder(t.TempDir()),
		WithClock(func() time.Time { return now }), WithHTTPClient(&http.Client{Transport: served}))
	must(t, err)
	for _, wanted := range []string{"1.0.0", "1.1.0"} {
		found, err := client.Get(t.Context(), "hello")
		must(t, err)
		if found.Version != wanted {
			t.Errorf("found %s, wanted %s", found.Version, wanted)
		}
		isTuesday.Store(true)
	}
}

// TestSeveralGoroutinesShareWhatIsTrusted also lets one of them give up.
func TestSeveralGoroutinesShareWhatIsTrusted(t *testing.T) {
	address, pin := trustSites(t)
	clock := WithClock(func() time.Time { return time.Date(2026, 1, 6, 13, 0, 0, 0, time.UTC) })
	client, err := NewClient(address+"/tuesday", WithRoot(pin), WithTrustFolder(t.TempDir()), clock)
	must(t, err)
	enough := errors.New("enough")
	ended, end := context.WithCancelCause(t.Context())
	end(enough)
	var all sync.WaitGroup
	for n := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			ctx, wanted := t.Context(), error(nil)
			if n == 0 {
				ctx, wanted = ended, enough
			}
			if _, err := client.Get(ctx, "hello"); !errors.Is(err, wanted) {
				t.Errorf("found %v, wanted %v", err, wanted)
			}
		}()
	}
	all.Wait()
}

func TestAPinThatIsNoneAndAFolderThatCantBeWrittenAreNamed(t *testing.T) {
	for _, pin := range []string{"", "1", "0:sha256:" + strings.Repeat("0", 64), "1:sha256:ABC", "sha256:" + strings.Repeat("0", 64)} {
		if _, err := NewClient("https://registry.example.com", WithRoot(pin)); !errors.Is(err, ErrInvalidRequest) {
			t.Errorf("%s: %v", pin, err)
		}
	}
	address, pin := trustSites(t)
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	client, err := NewClient(address+"/tuesday", WithRoot(pin), WithTrustFolder(file))
	must(t, err)
	if _, err = client.Versions(t.Context(), "hello"); err == nil || !strings.Contains(err.Error(), "give WithTrustFolder a folder") {
		t.Errorf("found %v", err)
	}
}

// TestListsAreHeldAgainstTheRootToo reads all lists of a signed registry, which has no live one behind it.
func TestListsAreHeldAgainstTheRootToo(t *testing.T) {
	address, pin := trustSites(t)
	clock := WithClock(func() time.Time { return time.Date(2026, 1, 6, 13, 0, 0, 0, time.UTC) })
	client, err := NewClient(address+"/tuesday", WithRoot(pin), WithTrustFolder(t.TempDir()), clock)
	must(t, err)
	for _, filter := range []Filter{{}, {Tag: "none"}} {
		found, err := Collect(client.List(t.Context(), filter))
		must(t, err)
		if isAll := filter == (Filter{}); isAll != (len(found) == 1) {
			t.Errorf("%v: found %v", filter, found)
		}
	}
}
