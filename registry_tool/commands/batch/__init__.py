"""A workflow over many inputs."""
