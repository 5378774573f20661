package workflows

import (
	"encoding/json"
	"fmt"
	"time"
)

// Result is what a run gave. Outputs are decoded JSON by name; Decode puts them into a type of yours.
type Result struct {
	ExecutionID string
	// Status is success, error, timeout or cancelled.
	Status  string
	Outputs map[string]any
	// Blocks are the graph's values by block id.
	Blocks map[string]any
	Usage  Usage
	// Duration is wall time.
	Duration time.Duration
	// AnsweredBy names the model that answered for another, InsteadOf that other one; both are empty where the
	// manifest's own was asked.
	AnsweredBy string
	InsteadOf  string
	// Notices say what was left out.
	Notices []string

	raw map[string]json.RawMessage
}

// Usage is what models were asked for. CostUSD is nil where a price is not known.
type Usage struct {
	InputTokens  int64    `json:"input_tokens"`
	OutputTokens int64    `json:"output_tokens"`
	Calls        int64    `json:"calls"`
	CostUSD      *float64 `json:"cost_usd"`
}

// Decode puts the outputs into a struct or a map, as encoding/json does with their object.
func (r *Result) Decode(to any) error {
	whole, err := json.Marshal(r.raw)
	if err == nil {
		err = json.Unmarshal(whole, to)
	}
	return asInvalid(err, "the outputs")
}

// DecodeOutput puts one output into a value. [ErrNotFound]: there is none of the name.
func (r *Result) DecodeOutput(name string, to any) error {
	value, isThere := r.raw[name]
	if !isThere {
		return &Error{Kind: ErrNotFound, Reason: fmt.Sprintf("there is no output %q", shown(name, 200)), Location: r.ExecutionID}
	}
	return asInvalid(json.Unmarshal(value, to), "output "+name)
}

func asInvalid(err error, what string) error {
	if err == nil {
		return nil
	}
	wrong := invalid(what+" can't be put there: "+err.Error(), "give a pointer to a value of their type")
	wrong.cause = err
	return wrong
}

// document is a run as the registry tells it.
type document struct {
	ExecutionID string                     `json:"execution_id"`
	Status      string                     `json:"status"`
	Error       string                     `json:"error"`
	Outputs     map[string]json.RawMessage `json:"outputs"`
	Blocks      map[string]any             `json:"blocks"`
	Usage       Usage                      `json:"usage"`
	Seconds     float64                    `json:"seconds"`
	AnsweredBy  string                     `json:"answered_by"`
	InsteadOf   string                     `json:"instead_of"`
	Notices     []string                   `json:"notices"`
}

func (d document) isRunning() bool { return d.Status == "queued" || d.Status == "running" }

// result is that of a run that went well; else [ErrRunFailed].
func (d document) result(id string) (*Result, error) {
	found := &Result{
		ExecutionID: firstOf(d.ExecutionID, id), Status: firstOf(d.Status, "error"), Outputs: map[string]any{},
		Blocks: d.Blocks, Usage: d.Usage, Duration: time.Duration(d.Seconds * float64(time.Second)),
		AnsweredBy: d.AnsweredBy, InsteadOf: d.InsteadOf, Notices: d.Notices, raw: d.Outputs,
	}
	for name, value := range d.Outputs {
		var output any
		if err := parsed(value, found.ExecutionID, &output); err != nil {
			return nil, err
		}
		found.Outputs[name] = output
	}
	if d.Error == "" && found.Status == "success" {
		return found, nil
	}
	reason := firstOf(d.Error, "the run ended as "+found.Status)
	return nil, &Error{Kind: ErrRunFailed, Reason: reason, Location: found.ExecutionID, Result: found}
}
