"""What is probably meant by a word."""

from __future__ import annotations

import ast
from pathlib import Path

import registry_tool
from registry_tool.core.suggest import did_you_mean, nearest, perhaps

KNOWN = ("sentiment", "digest", "summary")


def test_the_nearest_word() -> None:
    assert nearest("sentimnet", KNOWN) == "sentiment"
    assert nearest("xyz", KNOWN) == ""
    assert nearest("sumary", dict.fromkeys(KNOWN), cutoff=0.99) == ""
    assert nearest("s" * 10**7, ["s" * 200]) == "s" * 200


def test_words_for_a_message() -> None:
    assert did_you_mean("digset", KNOWN) == "did you mean 'digest'?"
    assert did_you_mean("xyz", KNOWN, "it has three") == "it has three"
    assert (perhaps("digset", KNOWN), perhaps("xyz", KNOWN)) == ("did you mean 'digest'? ", "")


def test_nobody_else_compares_words_for_a_suggestion() -> None:
    root = Path(registry_tool.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name | ast.alias)
        and "get_close_matches" in {getattr(node, "id", ""), getattr(node, "name", "")}
    }
    assert found == {"core/suggest.py"}
