package workflows

import (
	"context"
	"maps"
	"slices"
)

// Workflow is one version of a workflow, its package verified against the registry's digest.
type Workflow struct {
	VersionInfo
	Package *Package

	client *Client
}

// Reference is `name:version`.
func (w *Workflow) Reference() string { return w.Name + ":" + w.Version }

// Description is what it does, in its author's words.
func (w *Workflow) Description() string { return w.Package.Manifest.Metadata.Description }

// Inputs are the interface's inputs.
func (w *Workflow) Inputs() []Port { return w.Package.Manifest.Spec.Interface.Inputs }

// Outputs are the interface's outputs.
func (w *Workflow) Outputs() []Port { return w.Package.Manifest.Spec.Interface.Outputs }

// Environments are those that its manifest configures, sorted.
func (w *Workflow) Environments() []string {
	return slices.Sorted(maps.Keys(w.Package.Manifest.Spec.Runtime.Environments))
}

// Execute runs this version on the live registry and waits for its result, as [Client.Execute] does.
func (w *Workflow) Execute(ctx context.Context, inputs Inputs, options ...RunOption) (*Result, error) {
	return w.client.Execute(ctx, w.Reference(), inputs, options...)
}

// Start begins a run of this version on the live registry.
func (w *Workflow) Start(ctx context.Context, inputs Inputs, options ...RunOption) (*Run, error) {
	return w.client.Start(ctx, w.Reference(), inputs, options...)
}
