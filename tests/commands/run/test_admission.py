from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission, read_admission, write_admission
from registry_tool.commands.run.admit import admit
from registry_tool.core.errors import RegistryError
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


def admitted(target: Target, name: str = "") -> Admission:
    return admit(target, "production", HELLO, BOB, execution_id=name)


def test_a_changed_admission_is_refused(served: Target, tmp_path: Path) -> None:
    ring = ring_of(served, "production")
    path = tmp_path / "admission.json"
    made = admitted(served)
    write_admission(path, made, ring)
    read = read_admission(path, ring)
    assert replace(read, left=made.left, request=HELLO) == made
    assert "Ada" not in path.read_text()  # it may travel from one job to another
    assert read.request.sealed
    path.write_text(path.read_text().replace('"tokens": 500', '"tokens": 50000'))
    with pytest.raises(RegistryError, match="was changed"):
        read_admission(path, ring)
    path.write_text("{}")
    with pytest.raises(RegistryError, match="not a valid admission"):
        read_admission(path, ring)
