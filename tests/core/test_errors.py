from __future__ import annotations

import pickle

import pytest

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import Finding, FindingsError, Severity


@pytest.mark.parametrize(
    ("location", "hint", "text"),
    [
        ("", "", "it broke"),
        ("a.yaml:1:2", "", "a.yaml:1:2: it broke"),
        ("", "mend it", "it broke (mend it)"),
        ("a.yaml", "mend it", "a.yaml: it broke (mend it)"),
    ],
)
def test_place_reason_and_way_out_are_reported(location: str, hint: str, text: str) -> None:
    assert str(RegistryError("it broke", location=location, hint=hint)) == text


def test_wrong_usage_has_an_exit_code_of_its_own() -> None:
    codes = {kind: kind("x").exit_code for kind in (UsageError, NotFoundError, MissingToolError)}
    assert codes == {UsageError: 2, NotFoundError: 1, MissingToolError: 1}


def test_an_error_reaches_another_process_whatever_it_is_made_of() -> None:
    """A build's worker found a broken file, and the build ended with a bug instead of the finding."""
    finding = Finding("a/manifest.yaml", 3, 1, "schema", Severity.ERROR, "is wrong", "mend it")
    for error in (FindingsError([finding]), UsageError("a", location="b", hint="c")):
        revived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert type(revived) is type(error)
        assert str(revived) == str(error)
        assert vars(revived) == vars(error)
