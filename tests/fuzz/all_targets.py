"""Every fuzz target, in the order in which they are run and told."""

from __future__ import annotations

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    cassettes,
    git_tree,
    label,
    manifest,
    package,
    redaction,
    registry_files,
    schema_bound,
    template,
    yaml_loader,
)

ALL_TARGETS: tuple[Target, ...] = (
    yaml_loader.TARGET,
    git_tree.TARGET,
    package.TARGET,
    schema_bound.TARGET,
    template.TARGET,
    label.TARGET,
    manifest.TARGET,
    redaction.TARGET,
    registry_files.TARGET,
    cassettes.TARGET,
)
