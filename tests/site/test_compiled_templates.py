from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from registry_tool.site.compiled_templates import compiled_templates


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def filled(kind: str, *, escapes: bool, text: str = "{{ a }}") -> str:
    cache = compiled_templates(kind)
    made = Environment(autoescape=escapes, loader=DictLoader({"a": text}), bytecode_cache=cache)  # noqa: S701
    return made.get_template("a").render(a="<")


def test_a_template_is_compiled_once_and_again_when_it_changes(home: Path) -> None:
    assert [filled("html", escapes=True) for _ in range(2)] == ["&lt;", "&lt;"]
    (kept,) = (path for path in home.rglob("*") if path.is_file())
    before = kept.stat().st_mtime_ns
    assert filled("html", escapes=True) == "&lt;"
    assert kept.stat().st_mtime_ns == before
    assert filled("html", escapes=True, text="{{ a }}!") == "&lt;!"


def test_what_escapes_nothing_is_kept_apart(home: Path) -> None:
    assert filled("plain", escapes=False) == "<"
    assert filled("html", escapes=True) == "&lt;"
    assert len({path.parent for path in home.rglob("*") if path.is_file()}) == 2


def test_a_folder_that_others_may_write_is_not_used(home: Path) -> None:
    filled("html", escapes=True)
    (folder,) = {path.parent for path in home.rglob("*") if path.is_file()}
    folder.chmod(0o777)
    assert compiled_templates("html") is None
    assert filled("html", escapes=True) == "&lt;"


def test_where_nothing_can_be_kept_all_is_compiled_anew(home: Path) -> None:
    home.write_text("a file")
    assert compiled_templates("html") is None
    assert filled("html", escapes=True) == "&lt;"
