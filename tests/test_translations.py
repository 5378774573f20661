"""The Chinese documents say what the English ones say: the same headings, tables, commands and examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAIRS = {
    "README.md": "README.zh.md",
    "docs/README.md": "docs/zh/README.md",
    "docs/tutorial.md": "docs/zh/tutorial.md",
    "docs/authors.md": "docs/zh/authors.md",
    "docs/operators.md": "docs/zh/operators.md",
}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:puppy-cli|registry-tool|git|make|pip) [^`]+)`")
_WHOLE = {"yaml", "python", "javascript", "json", "sh"}
_COMMAND = re.compile(
    r"^(?:\$ .*|(?:puppy-cli|registry-tool|git|make|pip|python3?) .*)$", re.MULTILINE
)
_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)


class Section(NamedTuple):
    """What both languages have in common below a heading."""

    level: int
    commands: list[str]
    examples: list[str]
    rows: list[int]


def sections(text: str) -> list[Section]:
    """Each heading's level, with the commands, examples and rows (how many cells) below it."""
    fenced = _FENCE.findall(text)
    plain = _FENCE.sub(lambda found: f"@@{found.start()}\n", text)
    blocks = iter(fenced)
    found = []
    for level, body in re.findall(
        r"^(#+) [^\n]*\n(.*?)(?=^#+ |\Z)", plain, re.MULTILINE | re.DOTALL
    ):
        own = [next(blocks) for _ in re.findall(r"^@@\d+$", body, re.MULTILINE)]
        shown = [_uncommented(line) for _, code in own for line in _COMMAND.findall(code)]
        found.append(
            Section(
                len(level),
                [*shown, *sorted(" ".join(one.split()) for one in _INLINE.findall(body))],
                [code for language, code in own if language in _WHOLE],
                [row.count("|") for row in _ROW.findall(body)],
            )
        )
    return found


def _uncommented(line: str) -> str:
    return re.sub(r"\s+# .*", "", line)


@pytest.mark.parametrize(("english", "chinese"), PAIRS.items(), ids=PAIRS)
def test_headings_tables_commands_and_examples_are_the_same(english: str, chinese: str) -> None:
    """A change of one language is a change of the other."""
    one, other = ((ROOT / name).read_text("utf-8") for name in (english, chinese))
    assert [s.level for s in sections(one)] == [s.level for s in sections(other)]
    for number, pair in enumerate(zip(sections(one), sections(other), strict=True), 1):
        assert pair[0] == pair[1], f"{chinese}, section {number}"


@pytest.mark.parametrize(("english", "chinese"), PAIRS.items(), ids=PAIRS)
def test_each_leads_to_the_other_and_is_written_in_its_language(english: str, chinese: str) -> None:
    one, other = ((ROOT / name).read_text("utf-8") for name in (english, chinese))
    assert f"]({Path(chinese).relative_to(Path(english).parent)})" in one
    assert "English: [" in other
    prose = _FENCE.sub("", other)
    assert len(re.findall(r"[\u4e00-\u9fff]", prose)) > 0.15 * len(prose)


def test_a_difference_is_found() -> None:
    text = "# A\n\n```\n$ puppy-cli list  # all\n```\n\n## B\n\n| a | `git log -1` |\n"
    assert sections(text) == [
        Section(1, ["$ puppy-cli list"], [], []),
        Section(2, ["git log -1"], [], [3]),
    ]
    assert sections(text) != sections(text.replace("log -1", "log -2"))
    assert sections(text) != sections(text.replace("## B", "### B"))
