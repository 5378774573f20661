package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	largestDocument = 16 << 20
	longestWait     = 30 * time.Second
	firstWait       = 500 * time.Millisecond
)

// transport asks one registry: bounded in size and time, again where that is safe, and never anything else.
type transport struct {
	address string
	token   string
	timeout time.Duration
	retries int
	client  *http.Client
	sleep   func(context.Context, time.Duration) error

	root        *string
	trustFolder string
	now         func() time.Time
	trust       *trust // nil where no root is pinned
}

// fetchFile gives a file of at most so many bytes; [ErrNotFound] where there is none.
type fetchFile func(ctx context.Context, largest int64) ([]byte, error)

// request is one request; largest is how many bytes its answer may have (0: a document's).
type request struct {
	method  string
	url     string
	body    []byte
	headers map[string]string
	largest int64
}

// answer is an answer, whole.
type answer struct {
	status  int
	headers http.Header
	body    []byte
}

// url is the address of something below `api/v1/`; each segment of the path is escaped.
func (t *transport) url(segments ...string) string {
	for n, segment := range segments {
		segments[n] = url.PathEscape(segment)
	}
	return t.address + "/api/v1/" + strings.Join(segments, "/")
}

// document reads a JSON document below `api/v1/`; [ErrNotFound] where there is none.
func (t *transport) document(ctx context.Context, path string, to any) error {
	data, err := t.read(ctx, path, largestDocument)
	if err != nil {
		return err
	}
	return parsed(data, t.url(strings.Split(path, "/")...), to)
}

// read gives a document below `api/v1/` of at most so many bytes, held against the pinned root where there is one.
func (t *transport) read(ctx context.Context, path string, largest int64) ([]byte, error) {
	fetch := func(ctx context.Context, largest int64) ([]byte, error) {
		answer, err := t.send(ctx, request{url: t.url(strings.Split(path, "/")...), largest: largest})
		if err != nil {
			return nil, err
		}
		return answer.body, nil
	}
	if t.trust == nil {
		return fetch(ctx, largest)
	}
	return t.trust.document(ctx, "api/v1/"+path, largest, fetch)
}

// live reads a JSON document that a live registry makes for who asks, and that nobody signs.
func (t *transport) live(ctx context.Context, url string, to any) error {
	found, err := t.send(ctx, request{url: url})
	if err != nil {
		return err
	}
	return parsed(found.body, url, to)
}

// send gives the answer, a good one; else the error of its status. It asks again after a lost connection and after
// 408, 429, 502, 503 and 504, where a second time does no harm.
func (t *transport) send(ctx context.Context, asked request) (*answer, error) {
	repeats := t.retries
	if asked.method == http.MethodPost && asked.headers["Idempotency-Key"] == "" {
		repeats = 0
	}
	for failures := 0; ; failures++ {
		found, err := t.attempt(ctx, asked)
		wait, isAgain := pause(found, err, failures)
		if !isAgain || failures >= repeats {
			return good(found, err, asked.url)
		}
		if err := t.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// pause is how long to wait before the next attempt, where there shall be one.
func pause(found *answer, err error, failures int) (time.Duration, bool) {
	usual := time.Duration(rand.Int64N(int64(min(firstWait<<min(failures, 16), longestWait)))) //nolint:gosec // no secret
	if err != nil {
		return usual, errors.Is(err, ErrUnreachable)
	}
	switch found.status {
	case 408, 429, 502, 503, 504:
		if asked, isAsked := retryAfter(found.headers); isAsked {
			return asked, asked <= longestWait
		}
		return usual, true
	}
	return 0, false
}

func good(found *answer, err error, location string) (*answer, error) {
	if err != nil {
		return nil, err
	}
	if found.status < 300 {
		return found, nil
	}
	return nil, refusal(found.status, found.headers, found.body, location)
}

func (t *transport) attempt(ctx context.Context, asked request) (*answer, error) {
	limited, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	response, err := t.open(limited, asked)
	if err != nil {
		return nil, lost(ctx, err, asked.url)
	}
	defer response.Body.Close()
	largest := asked.largest
	if largest == 0 {
		largest = largestDocument
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, largest+1))
	if err != nil {
		return nil, lost(ctx, err, asked.url)
	}
	if int64(len(body)) > largest {
		return nil, &Error{Kind: ErrIntegrity, Reason: fmt.Sprintf("more than %d bytes", largest), Location: asked.url, Help: report}
	}
	return &answer{response.StatusCode, response.Header, body}, nil
}

// open gives an answer whose body the caller reads and closes.
func (t *transport) open(ctx context.Context, asked request) (*http.Response, error) {
	var body io.Reader
	if asked.body != nil {
		body = strings.NewReader(string(asked.body))
	}
	made, err := http.NewRequestWithContext(ctx, firstOf(asked.method, http.MethodGet), asked.url, body)
	if err != nil {
		return nil, err
	}
	made.Header.Set("Accept", "application/json")
	for name, value := range asked.headers {
		made.Header.Set(name, value)
	}
	if t.token != "" {
		made.Header.Set("Authorization", "Bearer "+t.token)
	}
	response, err := t.client.Do(made)
	if err == nil && response.StatusCode >= 300 && response.StatusCode < 400 {
		response.Body.Close()
		return nil, &Error{
			Kind: ErrUnexpected, Reason: "the registry answered with a redirect", Location: asked.url,
			Status: response.StatusCode, Help: "use the address that it leads to",
		}
	}
	return response, err
}

// lost is the error of a request that gave no whole answer: the caller's context, too late, or the network.
func lost(ctx context.Context, err error, location string) error {
	var ours *Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: ErrTimedOut, Reason: "there was no whole answer in time", Location: location, Help: "raise it with WithTimeout"}
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // the outer one repeats the address
	}
	return &Error{
		Kind: ErrUnreachable, Reason: "the download failed: " + shown(err.Error(), longestTold),
		Location: location, Help: "look at the address and the network", cause: err,
	}
}

// parsed reads JSON; [ErrIntegrity] where it is malformed.
func parsed(data []byte, location string, to any) error {
	if json.Unmarshal(data, to) == nil {
		return nil
	}
	return &Error{Kind: ErrIntegrity, Reason: "the answer is not the JSON that it should be", Location: location, Help: report}
}

// wait sleeps; it ends with the context, whose cause it gives.
func wait(ctx context.Context, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
