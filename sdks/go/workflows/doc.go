// Package workflows finds, verifies, runs and publishes the workflows of a registry, a built site or a live one.
//
//	client, err := workflows.NewClient("https://registry.example.com")
//	workflow, err := client.Get(ctx, "text-preprocessor@^1.5")
//	result, err := client.Execute(ctx, "sentiment-analysis:1.2.0", workflows.Inputs{"text": "Hello World"})
//
// Every error of the package is an [*Error]; errors.Is tells its kind by [ErrNotFound] and its like. A context that
// ends is reported as the context's own error. The package needs the standard library alone.
package workflows
