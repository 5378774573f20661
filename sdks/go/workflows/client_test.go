package workflows

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// registry is a small live registry: documents by path below api/v1, and what was asked for.
type registry struct {
	*httptest.Server
	mutex     sync.Mutex
	documents map[string]string
	requests  []string
}

func newRegistry(t *testing.T, documents map[string]string) (*registry, *Client) {
	t.Helper()
	made := &registry{documents: documents}
	made.Server = httptest.NewServer(made)
	t.Cleanup(made.Close)
	client, err := NewClient(made.URL, WithToken("secret"))
	if err != nil {
		t.Fatal(err)
	}
	client.transport.sleep = func(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }
	return made, client
}

func (r *registry) ServeHTTP(to http.ResponseWriter, request *http.Request) {
	r.mutex.Lock()
	key := request.Method + " " + strings.TrimPrefix(request.URL.Path, "/api/v1/")
	r.requests = append(r.requests, key)
	found, isThere := r.documents[key]
	r.mutex.Unlock()
	switch {
	case request.Header.Get("Authorization") != "Bearer secret":
		to.WriteHeader(http.StatusUnauthorized)
	case strings.HasPrefix(found, "hang"):
		to.(http.Flusher).Flush()
		<-request.Context().Done()
	case !isThere:
		to.WriteHeader(http.StatusNotFound)
	default:
		fmt.Fprint(to, found)
	}
}

func (r *registry) asked() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]string{}, r.requests...)
}

const (
	live    = `{"live": true}`
	started = `{"execution_id": "exec-1", "status": "running"}`
	ended   = `{"execution_id": "exec-1", "status": "success", "seconds": 2, "outputs": {"greeting": "Hi", "big": 9007199254740993}}`
	events  = "id: 1\ndata: {\"event\": \"execution_started\"}\n\nid: 2\ndata: {\"event\": \"execution_finished\"}\n\n"
)

func TestExecuteGivesTheOutputs(t *testing.T) {
	_, client := newRegistry(t, map[string]string{
		"GET index.json": live, "POST workflows/hello/execute": started, "GET runs/exec-1": ended, "GET runs/exec-1/events": events,
	})
	result, err := client.Execute(context.Background(), "hello@^1", Inputs{"who": "you"}, WithEnvironment("production"))
	if err != nil {
		t.Fatal(err)
	}
	var outputs struct {
		Greeting string
		Big      json.Number
	}
	if err := result.Decode(&outputs); err != nil || outputs.Greeting != "Hi" || outputs.Big != "9007199254740993" {
		t.Errorf("%v: %+v", err, outputs)
	}
	var number int
	if err := result.DecodeOutput("greeting", &number); !errors.Is(err, ErrInvalidRequest) {
		t.Errorf("a text is not a number: %v", err)
	}
	if err := result.DecodeOutput("other", &number); !errors.Is(err, ErrNotFound) {
		t.Errorf("there is no such output: %v", err)
	}
	if result.Outputs["greeting"] != "Hi" || result.Duration != 2*time.Second {
		t.Errorf("%+v", result)
	}
}

func TestAContextThatEndsCancelsTheRun(t *testing.T) {
	registry, client := newRegistry(t, map[string]string{
		"GET index.json": live, "POST workflows/hello/execute": started, "GET runs/exec-1/events": "hang", "DELETE runs/exec-1": "",
	})
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	streams := clientEvents(client, "/events", func() { cancel(why) })
	_, err := streams.Execute(ctx, "hello", nil)
	if !errors.Is(err, why) {
		t.Fatalf("%v", err)
	}
	if last := registry.asked(); last[len(last)-1] != "DELETE runs/exec-1" {
		t.Errorf("%v", last)
	}
}

// clientEvents is the client, which calls something once an answer of an address has begun.
func clientEvents(client *Client, suffix string, then func()) *Client {
	copied := *client.transport
	copied.client = &http.Client{Transport: roundTrip(func(request *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(request)
		if strings.HasSuffix(request.URL.Path, suffix) {
			then()
		}
		return response, err
	})}
	return &Client{&copied}
}

func TestLeavingEventsDoesNotEndTheRun(t *testing.T) {
	registry, client := newRegistry(t, map[string]string{"GET runs/exec-1/events": events})
	run, err := client.Run("exec-1")
	if err != nil {
		t.Fatal(err)
	}
	for event, err := range run.Events(context.Background()) {
		if err != nil || event.Name != "execution_started" {
			t.Fatalf("%v: %+v", err, event)
		}
		break
	}
	if asked := registry.asked(); len(asked) != 1 {
		t.Errorf("%v", asked)
	}
}

func TestAStaticRegistryRunsNothing(t *testing.T) {
	_, client := newRegistry(t, map[string]string{"GET index.json": `{"name": "static"}`})
	if _, err := client.Execute(context.Background(), "hello", nil); !errors.Is(err, ErrNotSupported) {
		t.Errorf("%v", err)
	}
	if _, err := client.Publish(context.Background(), []byte("PK")); !errors.Is(err, ErrIntegrity) {
		t.Errorf("what is not a package is not asked for: %v", err)
	}
}

func TestAnIndexThatWasTamperedWithIsRefused(t *testing.T) {
	line := `{"digest":"sha256:` + strings.Repeat("0", 64) + `","name":"hello","requires":[],"version":"1.0.0","yanked":false}`
	whole := strings.Replace(line, "}", `,"sum":"`+hexDigest([]byte(line))[:16]+`"}`, 1)
	_, client := newRegistry(t, map[string]string{"GET sparse/he/hello": whole})
	if found, err := client.Versions(context.Background(), "hello"); err != nil || found[0].Version != "1.0.0" {
		t.Fatalf("%v: %v", found, err)
	}
	_, client = newRegistry(t, map[string]string{"GET sparse/he/hello": strings.Replace(whole, "1.0.0", "1.0.1", 1)})
	if _, err := client.Versions(context.Background(), "hello"); !errors.Is(err, ErrIntegrity) {
		t.Errorf("%v", err)
	}
}

func TestAnotherPackageThanWasAskedForIsRefused(t *testing.T) {
	files := Files{"workflow.json": []byte(`{"metadata": {"name": "other", "version": "1.0.0"}}`)}
	line := `{"digest":"` + files.Digest() + `","name":"hello","requires":[],"version":"1.0.0","yanked":false}`
	whole := strings.Replace(line, "}", `,"sum":"`+hexDigest([]byte(line))[:16]+`"}`, 1)
	_, client := newRegistry(t, map[string]string{
		"GET sparse/he/hello": whole, "GET packages/hello/hello-1.0.0.wfpkg": string(writePackage(files)),
	})
	if _, err := client.Get(context.Background(), "hello"); !errors.Is(err, ErrIntegrity) {
		t.Errorf("%v", err)
	}
}

func TestATimeoutIsUnreachableAndAContextsOwnErrorIsNot(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(sync.OnceFunc(func() { close(release) }))
	client := clientOf(t, func(request *http.Request) (*http.Response, error) {
		select {
		case <-request.Context().Done():
		case <-release:
		}
		return nil, request.Context().Err()
	}, WithTimeout(time.Millisecond), WithRetries(0))
	_, err := client.Versions(context.Background(), "hello")
	if !errors.Is(err, ErrTimedOut) || !errors.Is(err, ErrUnreachable) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = client.Versions(ctx, "hello"); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnreachable) {
		t.Errorf("%v", err)
	}
}

func TestARedirectIsNotFollowedAndALargeAnswerNotRead(t *testing.T) {
	var requests atomic.Int32
	client := clientOf(t, func(*http.Request) (*http.Response, error) {
		requests.Add(1)
		return answered(http.StatusFound, headersOf(map[string]string{"Location": "https://elsewhere.example"}), nil), nil
	})
	if _, err := client.Versions(context.Background(), "hello"); !errors.Is(err, ErrUnexpected) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
	client = clientOf(t, func(*http.Request) (*http.Response, error) {
		return answered(http.StatusOK, nil, bytes.Repeat([]byte(" "), largestDocument+1)), nil
	})
	if _, err := client.Versions(context.Background(), "hello"); !errors.Is(err, ErrIntegrity) {
		t.Errorf("%v", err)
	}
}

func TestWrongOptionsAreRefusedAndATokenIsNeverShown(t *testing.T) {
	for _, address := range []string{"", "registry", "ftp://a", "https://", "https://a?b", "https://a#b", "https://u:p@a", ":"} {
		if _, err := NewClient(address); !errors.Is(err, ErrInvalidRequest) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, option := range []Option{WithToken("hunter2\n"), WithTimeout(0), WithRetries(-1), WithHTTPClient(nil)} {
		if _, err := NewClient("https://a", option); !errors.Is(err, ErrInvalidRequest) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
	if _, err := NewClient("http://a", WithToken("hunter2")); !errors.Is(err, ErrInvalidRequest) {
		t.Errorf("%v", err)
	}
	if client, err := NewClient("http://127.0.0.1:8000//", WithToken("hunter2")); err != nil || client.Address() != "http://127.0.0.1:8000" {
		t.Errorf("%v", err)
	}
}

func TestErrorsTellPlaceReasonAndWayOut(t *testing.T) {
	err := error(&Error{Kind: ErrServer, Reason: "failed", Location: "https://a", Help: "try again", RequestID: "r-1"})
	if told := err.Error(); told != "https://a: failed (try again) [request r-1]" {
		t.Error(told)
	}
}

func TestAGroupsDocumentIsWherePythonPutsIt(t *testing.T) {
	for key, wanted := range map[string]string{
		"t u": "t+u", "a~b": "a~7Eb", "con": "~63on", "..": "~2E~2E", "": "~", "a.": "a~2E", "é/": "~C3~A9~2F",
	} {
		if found := pathSegment(key); found != wanted {
			t.Errorf("%q: %s, not %s", key, found, wanted)
		}
	}
}

func TestJSONIsCanonical(t *testing.T) {
	var value any
	given := `{"😀": -0.0, "ﬁ": 1e21, "a": [1.5, 1e-7, "\u2028\u0007<\"é"], "": null}`
	if err := json.Unmarshal([]byte(given), &value); err != nil {
		t.Fatal(err)
	}
	var found bytes.Buffer
	canonical(&found, value)
	wanted := "{\"\":null,\"a\":[1.5,1e-7,\"\u2028\\u0007<\\\"é\"],\"😀\":0,\"ﬁ\":1e+21}"
	if found.String() != wanted {
		t.Errorf("%s, not %s", &found, wanted)
	}
}

func FuzzReadPackage(f *testing.F) {
	whole := writePackage(Files{"a": []byte("b"), "docs/ü.md": nil})
	f.Add(whole)
	damaged, _ := base64.StdEncoding.DecodeString("UEsFBgAAAAABAAEA/////wAAAAAAAA==")
	f.Add(damaged)
	f.Add(bytes.Replace(whole, []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := readPackage(data, "")
		if err == nil && !bytes.Equal(writePackage(files), data) {
			t.Error("what is read is what is written")
		}
	})
}
