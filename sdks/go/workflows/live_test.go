package workflows

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
)

// TestALiveRegistry uses the registry at LIVE_REGISTRY as a program would, and writes what it was told to LIVE_TOLD;
// tests/sdk/test_go.py serves it and compares with what Python reads.
func TestALiveRegistry(t *testing.T) {
	address := os.Getenv("LIVE_REGISTRY")
	if address == "" {
		t.Skip("LIVE_REGISTRY names no live registry")
	}
	ctx := t.Context()
	client, err := NewClient(address, WithToken("your-token"))
	must(t, err)
	names, err := Collect(client.List(ctx, Filter{}))
	must(t, err)
	found, err := Collect(client.Search(ctx, "HELLO"))
	must(t, err)
	workflow, err := client.Get(ctx, "hello@^1.0")
	must(t, err)
	old, err := client.Get(ctx, "hello:1.0.0")
	must(t, err)
	caller, err := client.Get(ctx, "caller")
	must(t, err)
	result, err := caller.Execute(ctx, Inputs{"who": "you"}, WithEnvironment("production"))
	must(t, err)
	told := members{
		"names": namesOf(names), "found": namesOf(found), "reference": workflow.Reference(), "digest": workflow.Digest,
		"description": workflow.Description(), "files": workflow.Package.Files.Paths(),
		"inputs": workflow.Inputs()[0].Name, "required": workflow.Inputs()[0].Required, "outputs": workflow.Outputs()[0].Type,
		"dependencies": caller.Dependencies, "old": []any{old.Name, old.Version, old.Digest, old.Package.Bytes},
		"greeting": result.Outputs["greeting"], "failed": failures(t, client), "run": followed(ctx, t, workflow),
	}
	published, err := client.Publish(ctx, workflow.Package.Bytes)
	must(t, err)
	told["published"] = published
	data, err := json.Marshal(told)
	must(t, err)
	must(t, os.WriteFile(os.Getenv("LIVE_TOLD"), data, 0o600))
}

func followed(ctx context.Context, t *testing.T, workflow *Workflow) members {
	t.Helper()
	run, err := workflow.Start(ctx, Inputs{"who": "you"})
	must(t, err)
	events, err := Collect(run.Events(ctx))
	must(t, err)
	result, err := run.Result(ctx)
	must(t, err)
	must(t, run.Cancel(ctx))
	var names []string
	for _, one := range events {
		names = append(names, one.Name)
	}
	return members{"id": run.ID, "events": names, "greeting": result.Outputs["greeting"]}
}

func failures(t *testing.T, client *Client) []members {
	t.Helper()
	var told []members
	note := func(err error) {
		var failed *Error
		if !errors.As(err, &failed) {
			t.Fatalf("no error of ours: %v", err)
		}
		told = append(told, members{"kind": failed.Kind.Error(), "told": failed.Error()})
	}
	_, err := client.Get(t.Context(), "helo")
	note(err)
	_, err = client.Get(t.Context(), "hello@^7")
	note(err)
	_, err = client.Execute(t.Context(), "hello", nil)
	note(err)
	return told
}

func namesOf(summaries []Summary) []string {
	var names []string
	for _, one := range summaries {
		names = append(names, one.Name)
	}
	return slices.Clip(names)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
