"""`registry-tool payload open`: an operator reads what a run was given and gave, and the audit log says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from registry_tool.commands.privacy.keys import known_environment
from registry_tool.state.audit_log import note
from registry_tool.state.branches import StateLocation, local_person
from registry_tool.state.public_keys import process_ring
from registry_tool.state.runs.keys import open_run


def open_payload_file(
    location: StateLocation,
    file: Path,
    environment: str,
    execution_id: str,
    environ: Mapping[str, str] = os.environ,
) -> bytes:
    """The payload in a file; noted before it is given out."""
    known_environment(location, environment)
    ring = process_ring(location, environment, environ)
    data = open_run(location, file, environment, execution_id, ring)
    note(
        location,
        environment,
        local_person(location, environ),
        "payload-open",
        {"execution": execution_id},
        environ,
    )
    return data
