"""A page that can't be made stands as a plain notice and is told; all others are published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.output import guard
from registry_tool.commands.maintain.output.guard import PageGuard
from registry_tool.site import render
from registry_tool.site.facts.version import version_facts
from registry_tool.site.pages import version as version_pages
from tests.conftest import RegistryFolder

Files = Iterator[tuple[str, bytes]]


class PanicError(BaseException):
    """As the libraries in Rust raise one."""


def plain() -> Files:
    yield "a", b"plain"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RecursionError("deep"), "RecursionError in test_guard.py"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half"), "UnicodeEncodeError in"),
        (MemoryError(), "MemoryError in"),
        (PanicError(), "PanicError in"),
    ],
)
def test_whatever_stops_a_page_is_reported(error: BaseException, words: str) -> None:
    def make() -> Files:
        yield "a", b"half"
        raise error

    guard = PageGuard()
    assert list(guard.files("x:1.0.0", make, plain)) == [("a", b"plain")]
    (only,) = guard.unmade
    assert only.startswith(f"x:1.0.0: {words}")


def test_time_and_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow() -> Files:
        while True:
            pass
        yield "a", b""

    monkeypatch.setattr(guard, "SECONDS", 0.05)
    monkeypatch.setattr(guard, "MOST_FILE", 3)
    page_guard = PageGuard()
    assert list(page_guard.files("slow", slow, plain)) == [("a", b"plain")]
    assert list(page_guard.files("large", lambda: iter([("a", b"1234")]), plain)) == [
        ("a", b"plain")
    ]
    assert list(page_guard.files("fits", lambda: iter([("a", b"123")]), plain)) == [("a", b"123")]
    assert page_guard.unmade == [
        "slow: it took more than 0.05 s of processor time",
        "large: a: it would have 4 bytes",
    ]


def test_whoever_interrupts_is_heard() -> None:
    def make() -> Files:
        raise KeyboardInterrupt
        yield "a", b""

    with pytest.raises(KeyboardInterrupt):
        list(PageGuard().files("x", make, plain))


def test_an_older_version_that_can_not_be_shown_stands_plainly_and_the_next_one_is_published(
    make_registry: Callable[..., RegistryFolder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry, out = make_registry(git=True), tmp_path / "site"
    for number in ("1.0.0", "1.1.0"):
        registry.add("hello", number)
        registry.commit(f"Publish {number}")
    facts = version_facts

    def broken(version: PublishedVersion, *rest: object) -> object:
        if version.number == "1.0.0":
            raise RecursionError("too deep")
        return facts(version, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(version_pages, "version_facts", broken)
    first = build(registry.root, out)
    assert [one.partition(":1.0.0: ")[0] for one in first.unmade] == ["hello"]
    for page in ("workflows/hello/1.0.0/index.html", "zh/workflows/hello/1.0.0/index.html"):
        text = (out / page).read_text()
        assert "hello-1.0.0.wfpkg" in text
    assert "could not be made" in (out / "workflows/hello/1.0.0/index.md").read_text()
    assert "could not be made" not in (out / "workflows/hello/1.1.0/index.html").read_text()
    registry.add("hello", "1.2.0")
    registry.commit("Publish 1.2.0")
    second = build(registry.root, out)
    assert second.unmade == ()
    incremental = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    build(registry.root, tmp_path / "anew")
    anew = tmp_path / "anew"
    assert incremental == {
        p.relative_to(anew): p.read_bytes() for p in anew.rglob("*") if p.is_file()
    }


def test_lines_and_differences_have_plain_forms_too(
    make_registry: Callable[..., RegistryFolder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry, out = make_registry(git=True), tmp_path / "site"
    for number in ("1.0.0", "1.1.0"):
        registry.add("hello", number)
        registry.commit(f"Publish {number}")

    def broken(*_: object) -> Files:
        raise RecursionError("too deep")
        yield "", b""

    paths = [p.relative_to(out) for p in _built(registry, out) if p.suffix != ".json"]
    monkeypatch.setattr(render, "line_part", broken)
    monkeypatch.setattr(render, "diff_part", broken)
    made = build(registry.root, out, full=True)
    assert len(made.unmade) == 2
    assert [
        p.relative_to(out) for p in sorted(out.rglob("*")) if p.is_file() and p.suffix != ".json"
    ] == paths


def _built(registry: RegistryFolder, out: Path) -> list[Path]:
    assert build(registry.root, out).unmade == ()
    return sorted(p for p in out.rglob("*") if p.is_file())
