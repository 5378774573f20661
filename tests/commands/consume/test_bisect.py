"""What broke a test: a version, or the version of a dependency that came with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.consume.bisect import bisect
from registry_tool.core.errors import RegistryError
from registry_tool.runtime.run_tests import SuiteOptions
from tests.conftest import RegistryFolder

Make = Callable[..., RegistryFolder]
GREET = 'type: modify\n      config: { modify_type: edit_text, content: "Hello, {{who}}!" }'
CALL = "type: workflow\n      config: { name: helper, inputs: { who: '{{who}}' } }"
TEST = 'expected: { greeting: "Hello, world!" }'


def change(folder: Path, old: str, new: str) -> None:
    manifest = folder / "manifest.yaml"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))


@pytest.fixture
def greeter(make_registry: Make) -> RegistryFolder:
    """Six versions, of which the fourth and later greet otherwise."""
    registry = make_registry()
    for minor in range(6):
        folder = registry.lay("hello", f"1.{minor}.0")
        if minor >= 3:
            change(folder, 'content: "Hello', 'content: "Bye')
    registry.compile()
    return registry


def test_the_version_is_found_and_what_changed(greeter: RegistryFolder) -> None:
    found = bisect("hello", str(greeter.root), "greets", SuiteOptions())
    assert (found.good, found.bad, found.cause, found.unsure) == ("1.2.0", "1.3.0", "version", ())
    assert [change.words for change in found.changes] == [
        "the setting content of the edge greet changed"
    ]
    assert [probe.version for probe in found.probes] == ["1.0.0", "1.2.0", "1.3.0", "1.5.0"]
    value = found.to_value()
    assert (value["last_passed"], value["first_failed"]) == ("1.2.0", "1.3.0")


def test_it_begins_where_somebody_says(greeter: RegistryFolder) -> None:
    found = bisect("hello:1.4.0", str(greeter.root), "greets", SuiteOptions(), "1.2.0")
    assert [probe.version for probe in found.probes] == ["1.2.0", "1.3.0", "1.4.0"]


def test_a_dependency_that_came_with_the_version_is_named(make_registry: Make) -> None:
    registry = make_registry()
    registry.lay("helper", "1.0.0")
    change(registry.lay("helper", "2.0.0"), 'content: "Hello', 'content: "Bye')
    for version, range_ in (("1.0.0", "^1"), ("1.1.0", "^2")):
        change(registry.lay("caller", version, helper=range_), GREET, CALL)
    registry.compile()
    found = bisect("caller", str(registry.root), "greets", SuiteOptions())
    assert (found.bad, found.cause) == ("1.1.0", "dependency")
    assert found.dependencies == (("helper", "1.0.0", "2.0.0"),)


@pytest.mark.parametrize(
    ("reference", "test", "good", "why"),
    [
        ("hello:1.2.0", "greets", "", "does not fail on hello:1.2.0"),
        ("hello:1.0.0", "greets", "", "no version before it"),
        ("hello", "greet", "", "no test 'greet'"),
        ("hello", "greets", "1.9.0", "no version 1.9.0 before 1.5.0"),
        ("hello", "greets", "1.4.0", "passes on no version before"),
    ],
)
def test_what_can_not_be_searched_is_said(
    greeter: RegistryFolder, reference: str, test: str, good: str, why: str
) -> None:
    with pytest.raises(RegistryError, match=why):
        bisect(reference, str(greeter.root), test, SuiteOptions(), good)


def test_a_test_that_asks_what_nobody_recorded_is_no_failure(make_registry: Make) -> None:
    registry = make_registry()
    for version in ("1.0.0", "1.1.0"):
        change(
            registry.lay("hello", version), GREET, 'type: llm\n      config: { prompt: "{{who}}" }'
        )
    registry.compile()
    with pytest.raises(RegistryError, match=r"does not fail on hello:1\.1\.0: error"):
        bisect("hello", str(registry.root), "greets", SuiteOptions())
