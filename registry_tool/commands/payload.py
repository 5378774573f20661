"""`registry-tool payload open`: an operator reads what a run was given and gave, and the audit log says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from registry_tool.commands.audit import note
from registry_tool.commands.branches import Place, state_branch
from registry_tool.commands.keys import known_environment
from registry_tool.commands.run_keys import open_run
from registry_tool.security.keys import environment_key
from registry_tool.store import paths


def open_payload_file(
    place: Place,
    file: Path,
    environment: str,
    execution_id: str,
    environ: Mapping[str, str] = os.environ,
) -> bytes:
    """The payload in a file; noted before it is given out."""
    known_environment(place, environment)
    git_dir = state_branch(place, paths.RUN_KEYS_BRANCH).repository.git_dir
    ring = environment_key(git_dir, environment, environ)
    data = open_run(place, file, environment, execution_id, ring)
    note(place, environment, "", "payload-open", {"execution": execution_id}, environ)
    return data
