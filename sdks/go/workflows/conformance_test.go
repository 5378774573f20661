package workflows

// This SDK does what tests/conformance/*.json say that every SDK does.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

type members = map[string]any

// runners do what a case's `given` asks, and give what its `expected` shall be.
var runners = map[string]func(*testing.T, json.RawMessage) any{
	"names": func(t *testing.T, given json.RawMessage) any { return validity(badName(read[one](t, given).Name)) },
	"versions": func(t *testing.T, given json.RawMessage) any {
		return validity(badVersion(read[one](t, given).Version))
	},
	"references": runReferences,
	"ranges":     runRanges,
	"latest":     runLatest,
	"digests": func(t *testing.T, given json.RawMessage) any {
		return members{"digest": read[struct{ Files Files }](t, given).Files.Digest()}
	},
	"errors":    runErrors,
	"listing":   runListing,
	"execute":   runExecute,
	"following": runFollowing,
	"events":    runEvents,
	"packages":  runPackages,
	"retries":   runRetries,
	"trust":     runTrust,
}

// one is what is given where it is one text.
type one struct{ Name, Version, Range, Text string }

func TestConformance(t *testing.T) {
	folder := os.Getenv("CONFORMANCE")
	if folder == "" {
		folder = "../../../tests/conformance"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", folder, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		table := read[struct {
			Format, Subject string
			Cases           []struct {
				ID              string
				Given, Expected json.RawMessage
			}
		}](t, data)
		run, isKnown := runners[table.Subject]
		if !isKnown || table.Format != "puppyai.com/conformance/v1" {
			t.Fatalf("%s: no runner for %s of %s", file, table.Subject, table.Format)
		}
		for _, one := range table.Cases {
			t.Run(table.Subject+"/"+one.ID, func(t *testing.T) {
				t.Parallel()
				told, err := json.Marshal(run(t, one.Given))
				if err != nil {
					t.Fatal(err)
				}
				if found, wanted := read[any](t, told), read[any](t, one.Expected); !reflect.DeepEqual(found, wanted) {
					t.Errorf("found %s, wanted %s", told, one.Expected)
				}
			})
		}
	}
}

func read[T any](t *testing.T, data []byte) T {
	t.Helper()
	var found T
	if err := json.Unmarshal(data, &found); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return found
}

func validity(reason string) any { return members{"valid": reason == ""} }

func runReferences(t *testing.T, given json.RawMessage) any {
	found, err := ParseReference(read[one](t, given).Text)
	if errors.Is(err, ErrInvalidRequest) {
		return members{"valid": false}
	}
	return members{"valid": true, "name": found.Name, "version": found.Version, "range": found.Range}
}

func runRanges(t *testing.T, given json.RawMessage) any {
	asked := read[one](t, given)
	found, isRange := parseRange(asked.Range)
	if !isRange {
		return members{"valid": false}
	}
	return members{"valid": true, "admits": found.admits(asked.Version)}
}

func runLatest(t *testing.T, given json.RawMessage) any {
	asked := read[struct{ Versions, Yanked []string }](t, given)
	yanked := map[string]bool{}
	for _, version := range asked.Yanked {
		yanked[version] = true
	}
	return members{"version": latest(asked.Versions, func(version string) bool { return yanked[version] })}
}

func headersOf(given map[string]string) http.Header {
	found := http.Header{}
	for name, value := range given {
		found.Set(name, value)
	}
	return found
}

func runErrors(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		Status  int
		Headers map[string]string
		Body    string
	}](t, given)
	err := refusal(asked.Status, headersOf(asked.Headers), []byte(asked.Body), "https://example.com")
	if err.Status != asked.Status {
		t.Errorf("status %d, not %d", err.Status, asked.Status)
	}
	told := members{"kind": err.Kind.Error(), "request_id": err.RequestID}
	switch {
	case err.Kind == ErrFindings:
		var places []string
		for _, one := range err.Findings {
			places = append(places, strings.SplitN(one.String(), ": ", 2)[0]+" "+one.Rule)
		}
		told["findings"] = places
	case strings.HasPrefix(asked.Body, "{"):
		told["reason"] = err.Reason
	case err.Kind == ErrRateLimited:
		told["retry_after"] = err.RetryAfter.Seconds()
	}
	return told
}

// roundTrip answers requests in the network's place.
type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(asked *http.Request) (*http.Response, error) { return r(asked) }

func answered(status int, headers http.Header, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: headers, Body: io.NopCloser(bytes.NewReader(body))}
}

func clientOf(t *testing.T, answer roundTrip, options ...Option) *Client {
	t.Helper()
	options = append(options, WithHTTPClient(&http.Client{Transport: answer}))
	client, err := NewClient("https://registry.example.com", options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func runListing(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		Documents map[string]json.RawMessage
		Filters   Filter
		Take      *int
	}](t, given)
	names, fetched := []string{}, []string{}
	client := clientOf(t, func(request *http.Request) (*http.Response, error) {
		path := strings.TrimPrefix(request.URL.Path, "/api/v1/")
		fetched = append(fetched, path)
		if found, isThere := asked.Documents[path]; isThere {
			return answered(http.StatusOK, nil, found), nil
		}
		return answered(http.StatusNotFound, nil, nil), nil
	})
	if asked.Take == nil || *asked.Take > 0 {
		for one, err := range client.List(context.Background(), asked.Filters) {
			if err != nil {
				t.Fatal(err)
			}
			if names = append(names, one.Name); asked.Take != nil && len(names) == *asked.Take {
				break
			}
		}
	}
	return members{"names": names, "fetched": fetched}
}

func runExecute(t *testing.T, given json.RawMessage) any {
	asked := read[struct{ Run json.RawMessage }](t, given)
	result, err := read[document](t, asked.Run).result("exec-0")
	var failed *Error
	if errors.As(err, &failed) && errors.Is(err, ErrRunFailed) {
		told := members{"ok": false, "status": failed.Result.Status}
		if read[members](t, asked.Run)["error"] != nil {
			told["reason"] = failed.Reason
		}
		return told
	} else if err != nil {
		t.Fatal(err)
	}
	told := members{
		"ok": true, "outputs": result.Outputs, "seconds": result.Duration.Seconds(),
		"tokens": result.Usage.InputTokens + result.Usage.OutputTokens,
	}
	if result.AnsweredBy != "" {
		told["answered_by"], told["instead_of"] = result.AnsweredBy, result.InsteadOf
	}
	if len(result.Notices) > 0 {
		told["notices"] = result.Notices
	}
	return told
}

func runFollowing(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		ID      string
		Streams []string
		Run     json.RawMessage
	}](t, given)
	lastIDs := []string{}
	client := clientOf(t, func(request *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(request.URL.Path, "/events") {
			return answered(http.StatusOK, nil, asked.Run), nil
		}
		lastIDs = append(lastIDs, request.Header.Get("Last-Event-ID"))
		stream := asked.Streams[min(len(lastIDs), len(asked.Streams))-1]
		return answered(http.StatusOK, nil, []byte(stream)), nil
	})
	client.transport.sleep = func(context.Context, time.Duration) error { return nil }
	run, err := client.Run(asked.ID)
	if err != nil {
		t.Fatal(err)
	}
	events, err := Collect(run.Events(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	names, streams := []string{}, lastIDs
	for _, event := range events {
		names = append(names, event.Name)
	}
	_, err = run.Result(context.Background())
	if err != nil && !errors.Is(err, ErrRunFailed) {
		t.Fatal(err)
	}
	return members{"events": names, "asked": streams, "ok": err == nil}
}

func runEvents(t *testing.T, given json.RawMessage) any {
	stream := read[struct{ Stream string }](t, given).Stream
	return members{"messages": toldBy(t, messages(iotest.OneByteReader(strings.NewReader(stream))))}
}

func toldBy(t *testing.T, stream iter.Seq2[message, error]) []members {
	t.Helper()
	found, err := Collect(stream)
	if err != nil {
		t.Fatal(err)
	}
	var told []members
	for _, one := range found {
		told = append(told, members{"id": one.id, "event": one.event, "data": one.data})
	}
	return told
}

func runPackages(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		Package []byte
		Digest  string
	}](t, given)
	found, err := VerifyPackage(asked.Package, asked.Digest)
	if errors.Is(err, ErrIntegrity) {
		return members{"valid": false}
	} else if err != nil {
		t.Fatal(err)
	}
	return members{"valid": true, "name": found.Name, "version": found.Version, "digest": found.Digest}
}

func runRetries(t *testing.T, given json.RawMessage) any {
	asked := read[struct {
		Answers []struct {
			Status  int
			Headers map[string]string
		}
		Retries int
	}](t, given)
	requests := 0
	client := clientOf(t, func(*http.Request) (*http.Response, error) {
		one := asked.Answers[requests]
		requests++
		if one.Status == 0 {
			return nil, errors.New("lost")
		}
		return answered(one.Status, headersOf(one.Headers), []byte("[]")), nil
	}, WithRetries(asked.Retries))
	waits := []float64{}
	attempts := 0
	client.transport.sleep = func(_ context.Context, long time.Duration) error {
		if _, isAsked := asked.Answers[attempts].Headers["retry-after"]; isAsked {
			waits = append(waits, long.Seconds())
		}
		attempts++
		return nil
	}
	_, err := Collect(client.List(context.Background(), Filter{Tag: "t"}))
	kind := ""
	var failed *Error
	if errors.As(err, &failed) {
		kind = failed.Kind.Error()
	}
	return members{"requests": requests, "asked": waits, "kind": kind}
}
