package workflows_test

// The examples of docs/sdk-go.md, compiled with the tests: a test of the documentation compares them.

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/puppyai/workflow-registry/sdks/go/workflows"
)

func Example_find() {
	ctx := context.Background()
	client, err := workflows.NewClient("https://registry.example.com")
	if err != nil {
		log.Fatal(err)
	}
	for one, err := range client.List(ctx, workflows.Filter{Tag: "nlp"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(one.Name, one.Version, one.Description)
	}
	workflow, err := client.Get(ctx, "text-preprocessor@^1.5")
	if err != nil {
		log.Fatal(err)
	}
	for _, port := range workflow.Inputs() {
		fmt.Println(port.Name, port.Type, port.Required, string(port.Default))
	}
}

func Example_execute() {
	client, err := workflows.NewClient("https://registry.example.com", workflows.WithToken(os.Getenv("REGISTRY_TOKEN")))
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := client.Execute(ctx, "text-preprocessor:1.6.0", workflows.Inputs{"text": "Hello"},
		workflows.WithEnvironment("production"))
	if err != nil {
		log.Fatal(err)
	}
	var outputs struct {
		Clean string
		Stats struct{ Characters, Words int }
	}
	if err := result.Decode(&outputs); err != nil {
		log.Fatal(err)
	}
	fmt.Println(outputs.Clean, outputs.Stats.Words, result.Duration, result.Usage.Calls)
}

func Example_events() {
	ctx := context.Background()
	client, err := workflows.NewClient("https://registry.example.com", workflows.WithToken(os.Getenv("REGISTRY_TOKEN")))
	if err != nil {
		log.Fatal(err)
	}
	run, err := client.Start(ctx, "text-preprocessor@^1.5", workflows.Inputs{"text": "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range run.Events(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Time, event.Level, event.Name, event.Metadata["edge"])
	}
	result, err := run.Result(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run.ID, result.Outputs["clean"])
}

func Example_errors() {
	client, err := workflows.NewClient("https://registry.example.com",
		workflows.WithTimeout(10*time.Second), workflows.WithRetries(3))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Execute(context.Background(), "text-preprocesor", workflows.Inputs{"text": "Hello"})
	var failed *workflows.Error
	switch {
	case errors.Is(err, workflows.ErrNotFound) && errors.As(err, &failed):
		fmt.Println(failed.Reason, "-", failed.Help)
	case errors.Is(err, workflows.ErrRunFailed) && errors.As(err, &failed):
		fmt.Println(failed.Result.Status, failed.Result.Blocks)
	case errors.As(err, &failed):
		fmt.Println(failed.Status, failed.RequestID, failed.Findings, failed.RetryAfter)
	}
}

func Example_verify() {
	ctx := context.Background()
	client, err := workflows.NewClient("https://registry.example.com")
	if err != nil {
		log.Fatal(err)
	}
	workflow, err := client.Get(ctx, "text-preprocessor:1.6.0")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("text-preprocessor.wfpkg", workflow.Package.Bytes, 0o644); err != nil {
		log.Fatal(err)
	}
	kept, err := os.ReadFile("text-preprocessor.wfpkg")
	if err != nil {
		log.Fatal(err)
	}
	found, err := workflows.VerifyPackage(kept, workflow.Digest)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Name, found.Version, found.Files.Paths())
}

func Example_publish() {
	ctx := context.Background()
	client, err := workflows.NewClient("https://registry.example.com", workflows.WithToken(os.Getenv("REGISTRY_TOKEN")))
	if err != nil {
		log.Fatal(err)
	}
	built, err := os.ReadFile("greeter-1.0.0.wfpkg")
	if err != nil {
		log.Fatal(err)
	}
	told, err := client.Publish(ctx, built)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(told.Name, told.Version, told.IsPublished, told.PullRequest, told.Held)
}

func Example_trust() {
	client, err := workflows.NewClient("https://mirror.example.com",
		workflows.WithRoot("1:sha256:6ab0f0a6b1d7e5c2983e4f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c"))
	if err != nil {
		log.Fatal(err)
	}
	workflow, err := client.Get(context.Background(), "text-preprocessor")
	if errors.Is(err, workflows.ErrIntegrity) {
		log.Fatal("not what the registry published: ", err)
	}
	fmt.Println(workflow.Digest)
}
