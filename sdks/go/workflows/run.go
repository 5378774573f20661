package workflows

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"
)

const (
	largestRun       = 64 << 20
	silence          = time.Minute // a server sends comments more often
	mostEmptyStreams = 5
	firstPause       = 100 * time.Millisecond
	longestPause     = 5 * time.Second
)

// Inputs are a run's inputs by name: anything that encoding/json writes.
type Inputs map[string]any

// RunOption says how a run is begun.
type RunOption func(*runOptions)

type runOptions struct {
	environment string
	key         string
}

// WithEnvironment says whose configuration counts.
func WithEnvironment(name string) RunOption { return func(o *runOptions) { o.environment = name } }

// WithIdempotencyKey: the same key again is the same run; without one, each call is a run of its own.
func WithIdempotencyKey(key string) RunOption { return func(o *runOptions) { o.key = key } }

// Run is a run that has begun on a live registry.
type Run struct {
	// ID is its execution id.
	ID string

	transport *transport
}

// Event is one thing that happened in a run. Level: INFO, WARN or ERROR.
type Event struct {
	Name     string
	Time     time.Time
	Level    string
	Workflow string
	Version  string
	// ExecutionID is the run's, or that of a workflow that it calls.
	ExecutionID string
	Metadata    map[string]any
}

// begin has a live registry begin a run. Sent again after a lost answer, it is the same run: the key tells.
func (t *transport) begin(ctx context.Context, wanted Reference, inputs Inputs, options []RunOption) (*Run, error) {
	var chosen runOptions
	for _, option := range options {
		option(&chosen)
	}
	if inputs == nil {
		inputs = Inputs{}
	}
	asked := map[string]any{"inputs": inputs, "wait": false}
	if version := wanted.Version + wanted.Range; version != "" {
		asked["version"] = version
	}
	if chosen.environment != "" {
		asked["environment"] = chosen.environment
	}
	body, err := json.Marshal(asked)
	if err != nil {
		wrong := invalid("the inputs are not JSON: "+err.Error(), "give what encoding/json can write")
		wrong.cause = err
		return nil, wrong
	}
	headers := map[string]string{"Content-Type": "application/json", "Idempotency-Key": firstOf(chosen.key, randomKey())}
	url := t.url("workflows", wanted.Name, "execute")
	answer, err := t.send(ctx, request{http.MethodPost, url, body, headers, largestRun})
	if err != nil {
		return nil, err
	}
	var told document
	if err := parsed(answer.body, url, &told); err != nil {
		return nil, err
	}
	if !idForm.MatchString(told.ExecutionID) {
		return nil, &Error{Kind: ErrIntegrity, Reason: "the answer names no execution", Location: url, Help: report}
	}
	return &Run{told.ExecutionID, t}, nil
}

// Events are all events from the first, waiting for those to come; they end with the run. A stream that breaks is
// taken up where it broke. Leaving the loop does not end the run.
func (r *Run) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		last, empty := "", 0
		for empty < mostEmptyStreams {
			before := last
			isOver, err := r.stream(ctx, &last, func(event Event) bool { return yield(event, nil) })
			if isOver {
				return
			}
			if err == nil {
				empty, err = r.pauseBetween(ctx, last == before, empty)
			}
			if errors.Is(err, errEnded) {
				return
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
		}
		yield(Event{}, &Error{
			Kind: ErrUnreachable, Reason: "the stream of events broke off again and again", Location: r.url(),
			Help: "the run goes on; read it later with Client.Run",
		})
	}
}

// errEnded says that a run has ended without an event of its end.
var errEnded = errors.New("the run has ended")

// pauseBetween waits before the stream is taken up; after two empty ones it asks whether there is more to come.
func (r *Run) pauseBetween(ctx context.Context, isEmpty bool, empty int) (int, error) {
	if !isEmpty {
		empty = 0
	} else if empty++; empty > 1 {
		if told, err := r.document(ctx); err != nil {
			return empty, err
		} else if !told.isRunning() {
			return empty, errEnded
		}
	}
	return empty, r.transport.sleep(ctx, min(250*time.Millisecond<<empty, longestPause))
}

// stream reads one connection; true where the run or the loop has ended. A lost connection is not an error.
func (r *Run) stream(ctx context.Context, last *string, yield func(Event) bool) (bool, error) {
	quiet, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.AfterFunc(silence, cancel)
	defer timer.Stop()
	headers := map[string]string{"Accept": "text/event-stream"}
	if *last != "" {
		headers["Last-Event-ID"] = *last
	}
	url := r.url() + "/events"
	response, err := r.transport.open(quiet, request{url: url, headers: headers})
	if err != nil {
		return false, unlessLost(lost(ctx, err, url))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return false, refusal(response.StatusCode, response.Header, headOf(response.Body), url)
	}
	for message, err := range messages(&heard{response.Body, timer}) {
		if err != nil {
			return false, unlessLost(lost(ctx, err, url))
		}
		event, err := r.event(message)
		if err != nil {
			return false, err
		}
		*last = message.id
		isEnd := event.Name == "execution_finished" || event.Name == "execution_failed"
		if !yield(event) || (isEnd && event.ExecutionID == r.ID) { // not of one that it calls
			return true, nil
		}
	}
	return false, nil
}

// unlessLost leaves out lost connections: the caller asks again, and gives up after a while.
func unlessLost(err error) error {
	if errors.Is(err, ErrUnreachable) {
		return nil
	}
	return err
}

// Result waits for the run's end. [ErrRunFailed]: it ended badly. A context that ends stops the waiting, not the run.
func (r *Run) Result(ctx context.Context) (*Result, error) {
	for _, err := range r.Events(ctx) {
		if err != nil && !errors.Is(err, ErrNotSupported) { // a server that tells no events is asked for the state
			return nil, err
		}
	}
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		told, err := r.document(ctx)
		if err != nil {
			return nil, err
		}
		if !told.isRunning() {
			return told.result(r.ID)
		}
		if err := r.transport.sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// Cancel ends the run; it does nothing where it has ended.
func (r *Run) Cancel(ctx context.Context) error {
	_, err := r.transport.send(ctx, request{method: http.MethodDelete, url: r.url()})
	return err
}

// cancelLater ends a run whose caller's context has ended; that is the error which the caller sees.
func (r *Run) cancelLater(ctx context.Context) {
	_ = r.Cancel(context.WithoutCancel(ctx))
}

func (r *Run) url() string { return r.transport.url("runs", r.ID) }

func (r *Run) document(ctx context.Context) (document, error) {
	var told document
	answer, err := r.transport.send(ctx, request{url: r.url(), largest: largestRun})
	if err != nil {
		return told, err
	}
	return told, parsed(answer.body, r.url(), &told)
}

// event is the one in a message: a line of the run's log.
func (r *Run) event(told message) (Event, error) {
	var line struct {
		Event     string         `json:"event"`
		Timestamp time.Time      `json:"timestamp"`
		Level     string         `json:"level"`
		Metadata  map[string]any `json:"metadata"`
		Workflow  struct {
			Name        string `json:"name"`
			Version     string `json:"version"`
			ExecutionID string `json:"execution_id"`
		} `json:"workflow"`
	}
	if err := parsed([]byte(told.data), r.url(), &line); err != nil {
		return Event{}, err
	}
	return Event{
		Name: firstOf(line.Event, told.event), Time: line.Timestamp, Level: firstOf(line.Level, "INFO"),
		Workflow: line.Workflow.Name, Version: line.Workflow.Version,
		ExecutionID: firstOf(line.Workflow.ExecutionID, r.ID), Metadata: line.Metadata,
	}, nil
}

func randomKey() string {
	var key [16]byte
	if _, err := rand.Read(key[:]); err != nil {
		panic(fmt.Sprintf("the system has no randomness: %v", err)) // never returns an error, says its documentation
	}
	return hex.EncodeToString(key[:])
}
