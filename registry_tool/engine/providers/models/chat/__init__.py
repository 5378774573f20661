"""The chat protocol of model servers: request, response, transport."""
