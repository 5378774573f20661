"""The OpenAPI 3.1 description of a registry: one document, which sites publish and live registries serve."""
