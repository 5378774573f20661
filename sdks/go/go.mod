module github.com/puppyai/workflow-registry/sdks/go

go 1.24
