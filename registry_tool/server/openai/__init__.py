"""The interface that OpenAI's clients speak: a workflow is a model."""
