"""The class of what was wrong, without its words, and which of them no `on_error` gets over."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.engine.edges.base import EdgeError, MissingServiceError
from registry_tool.engine.failures import RunError, ends_run, kind_of
from registry_tool.engine.providers.errors import NotRecordedError, ProviderError
from registry_tool.engine.providers.models.metered import CapError

LACKING = NotRecordedError("no answer is recorded")


@pytest.mark.parametrize(
    ("failure", "ends"),
    [
        (LACKING, True),
        (CapError("too dear"), True),
        (MissingServiceError("no model"), True),
        (MissingToolError("no sandbox"), True),
        (RunError("below", kind="not-recorded"), True),
        (ProviderError("no answer is recorded, says somebody"), False),
        (RunError("below", kind="edge"), False),
        (RegistryError("x"), False),
    ],
)
def test_what_the_run_lacks_is_told_from_what_failed(failure: RegistryError, ends: bool) -> None:
    assert ends_run(failure) is ends


def caused(error: Exception, *causes: Exception) -> Exception:
    """The error with its chain of causes."""
    at = error
    for cause in causes:
        at.__cause__ = cause
        at = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ProviderError("x"), "provider"),
        (MissingToolError("x"), "missing-tool"),
        (RegistryError("x"), "workflow"),
        (ValueError("x"), "value"),
        (KeyboardInterrupt(), "keyboard-interrupt"),
        (caused(RunError("x"), EdgeError("x"), ProviderError("x")), "provider"),
        (caused(RunError("x"), RegistryError("x")), "workflow"),
        (caused(RunError("x"), ValueError("x")), "run"),
        (caused(RunError("x"), RunError("x", kind="cap")), "cap"),
    ],
)
def test_the_class_is_that_of_the_last_cause_of_ours(error: Exception, kind: str) -> None:
    assert kind_of(error) == kind


def test_a_plain_error_is_called_as_its_place_says_and_a_circle_ends() -> None:
    assert kind_of(RegistryError("x"), "inputs") == "inputs"
    one, two = RegistryError("one"), EdgeError("two")
    one.__cause__, two.__cause__ = two, one
    assert kind_of(one) in {"edge", "workflow"}
