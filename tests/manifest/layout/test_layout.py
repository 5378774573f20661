"""The canonical layout: the same values and comments, the same once it is there, whatever was written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import FindingsError
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.layout.layout import LayoutError, laid_out
from registry_tool.manifest.load import load
from registry_tool.manifest.source import load_tree

ROOT = Path(__file__).parents[3]
MANIFESTS = sorted(ROOT.glob("registry/workflows/*/*/manifest.yaml"))

BEFORE = """\


# first
a:   {b :  1,c:  [ x ,z ],   d: {  } , e: [ ]}   # why


list:
- one   # the first
-   k: v
    text: |
        kept
          as it is

    # about other
    other: >-
        folded
        lines
      # still inside
- - nested
  - "two
     lines"
- {
  a: 1,
    # in braces
  b: [1,
   2]
  }
last: plain
  goes on
# at the end
"""
AFTER = """\
# first
a: { b: 1, c: [x, z], d: {}, e: [] }  # why

list:
  - one  # the first
  - k: v
    text: |
      kept
        as it is

    # about other
    other: >-
      folded
      lines
    # still inside
  - - nested
    - "two
      lines"
  - {
      a: 1,
      # in braces
      b: [1,
        2]
    }
last: plain
  goes on
# at the end
"""


def test_layout_alone_changes() -> None:
    assert laid_out(BEFORE, "m.yaml") == AFTER
    assert laid_out(AFTER, "m.yaml") == AFTER
    assert load_tree(BEFORE, "m.yaml") == load_tree(AFTER, "m.yaml")


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_what_is_published_compiles_to_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    new = laid_out(text, path.name)
    assert laid_out(new, path.name) == new
    before, after = (load(words.encode(), path.name).workflow for words in (text, new))
    assert compile_bytes(before) == compile_bytes(after)


WORDS = st.text(st.sampled_from("ab :-#?{}[],'\"\n|>é猫"), max_size=12)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-99, 99), WORDS),
    lambda below: st.one_of(
        st.lists(below, max_size=4), st.dictionaries(st.sampled_from("abcde"), below, max_size=4)
    ),
    max_leaves=12,
)
TREES = st.dictionaries(st.sampled_from(["k", "l m", "n"]), VALUES, min_size=1, max_size=3)


@given(TREES, st.integers(2, 7), st.sampled_from([None, True, False]), st.data())
def test_any_value_however_written_stays_what_it_is(
    value: dict[str, object], indent: int, flow: bool | None, data: st.DataObject
) -> None:
    style = data.draw(st.sampled_from([None, "|", ">", '"', "'"]))
    text = yaml.safe_dump(
        value, indent=indent, default_flow_style=flow, default_style=style, allow_unicode=True
    )
    if style:  # with a style for all, numbers get tags, which a manifest can't have
        text = text.replace("!!int ", "").replace("!!bool ", "").replace("!!null ", "")
    text = _commented(text, data.draw(st.lists(st.integers(0, 40), max_size=4)))
    try:
        read = load_tree(text, "m.yaml")
    except FindingsError:
        return
    new = laid_out(text, "m.yaml")
    assert load_tree(new, "m.yaml") == read
    assert laid_out(new, "m.yaml") == new
    assert not any(line != line.rstrip() for line in new.split("\n") if line.strip() == "")


def _commented(text: str, places: list[int]) -> str:
    """Comment lines put in between; where one falls into a text, it is part of that."""
    lines = text.split("\n")
    for number in places:
        if number < len(lines):
            lines.insert(number, " " * (number % 7) + f"# {number}")
    return "\n".join(lines)


def test_lines_that_end_otherwise_are_refused_with_their_place() -> None:
    assert laid_out("a: 1\r\nb: 2\r\n", "m.yaml") == "a: 1\nb: 2\n"
    with pytest.raises(LayoutError) as error:
        laid_out('a: 1\nb: "x\u2028y"\n', "m.yaml")
    assert error.value.location == "m.yaml:2"


def test_what_is_not_strict_yaml_is_a_finding() -> None:
    with pytest.raises(FindingsError):
        laid_out("a: &x 1\n", "m.yaml")
