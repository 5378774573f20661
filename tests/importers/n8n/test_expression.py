"""Expressions: what is read gives what JavaScript gives, and the rest is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.importers.n8n.expression import translated
from registry_tool.importers.n8n.helpers import with_helpers
from registry_tool.importers.n8n.javascript import ForeignExpressionError

ITEM = {"a": "Ann", "n": 3, "l": [1, {"b": "x"}], "deep key": {"c": True}, "none": None}


def value(source: str) -> Any:
    python = translated(source, lambda name: f"others[{name!r}]").python
    names: Any = {}
    code = f"def main(item, index, items, others):\n    return {python}\n"
    exec(with_helpers(code), names)  # noqa: S102 - generated code
    return names["main"](ITEM, 1, [{}, ITEM], {"One": [{"q": "only"}], "Two": [{"q": 1}, {"q": 2}]})


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("$json.a", "Ann"),
        ('$json["deep key"].c', True),
        ("$json['l'][1].b", "x"),
        ("$json.gone?.more", None),
        ("$input.item.json.n", 3),
        ("$input.first().json", {}),
        ("$input.all().length", 2),
        ("$('One').item.json.q", "only"),
        ('$("Two").item.json.q', 2),
        ("$('Two').first().json.q", 1),
        ('$node["Two"].json.q', 2),
        ("$items('Two')[0].json.q", 1),
        ("$itemIndex + 1", 2),
        ("'a' + $json.n", "a3"),
        ("$json.n * 2 - 1", 5),
        ("$json.n > 2 && $json.a === 'Ann'", True),
        ("!$json.none", True),
        ("$json.none ?? 'x'", "x"),
        ("$json.n > 5 ? 'big' : 'small'", "small"),
        ("`${$json.a} has ${$json.n}`", "Ann has 3"),
        ("{ name: $json.a, 'n': [1, $json.n] }", {"name": "Ann", "n": [1, 3]}),
        ("$json.a.toUpperCase().slice(0, 2)", "AN"),
        ("$json.l.length", 2),
        ("['a', 'b'].join('-')", "a-b"),
        ("JSON.stringify($json.l)", '[1,{"b":"x"}]'),
        ("Number('4') + 1", 5),
        ("'a,b'.split(',')", ["a", "b"]),
        ("$json.a.includes('nn')", True),
        ("(1.5).toFixed(1)", "1.5"),
        (r"'it\'s\n'", "it's\n"),
        ("[] ? 'yes' : 'no'", "yes"),
        ("![]", False),
        ("$json.none || 'x'", "x"),
        ("$json.a && $json.n", 3),
        ("'' && $json.gone.trim()", ""),
        ("$json.n == '3'", True),
        ("$json.n === '3'", False),
        ("$json.n != '4'", True),
        ("1 === true", False),
        ("1 == true", True),
        ("$json.none == 0", False),
        ("$json.none == $json.gone", True),
        ("'2024-01-02' > '2024-01-01'", True),
        ("'10' < 9", False),
        ("'b' >= 'b'", True),
        ("-7 % 3", -1),
        ("Math.round(2.5) + Math.round(-2.5)", 1),
        ("Math.floor(-1.5)", -2),
        ("Math.max('2', 10)", 10),
        ("parseInt('12px') + parseFloat(' 1.5e1 m')", 27),
        ("'a b'.split()", ["a b"]),
    ],
)
def test_what_is_read(source: str, wanted: Any) -> None:
    assert value(source) == wanted


def test_a_path_into_the_item_is_known_as_one() -> None:
    assert translated("$json.a['b c'][0]", str).path == ("a", "b c", "0")
    assert translated("$json.a.trim()", str).path is None
    assert translated("$('X').item.json.a", str).nodes == ["X"]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("$now.format('yyyy')", r"\$now"),
        ("$json.l.map(x => x.b)", "="),
        ("$json.l.filter(Boolean)", "Boolean"),
        ("new Date()", "new"),
        ("007", "number 007"),
        ("\u0663", "\u0663"),
        ("9" * 400, "number 999"),
        ("$json.a.charCodeAt(0)", "charCodeAt"),
        ("$json.", "its end"),
        ("$('X')", None),
        ("$json; 1", ";"),
        ("$json" + ".a" * 2000, "too deep into an item"),
        ("0123", "the number 0123"),
        ("9" * 4400, "the number 999"),
        (r"'\x41'", r"\\x"),
        (r"`\u{41}`", r"\\u"),
        ("$env.KEY", r"\$env"),
        ("$('X').item.binary", "binary"),
        ("a" * 6000, "too long"),
        ("(" * 200 + ")" * 200, "too deep"),
        ("1" + " + 1" * 100, "too deep"),
        ("$json.a" + ".trim()" * 100, "too deep"),
        ("[" + "$json.a.trim()," * 99 + "'([{']", None),
    ],
)
def test_the_rest_is_refused_by_name(source: str, word: str | None) -> None:
    if word is None:
        assert translated(source, str).python
        return
    with pytest.raises(ForeignExpressionError, match=word):
        translated(source, str)


@given(st.text(alphabet="$json.a'\"`[]{}()?:+-*/%!<>=&| 0178x\u0663{}\\\n", max_size=40))
def test_whatever_stands_in_it_is_read_or_refused(source: str) -> None:
    try:
        python = translated(source, repr).python
    except ForeignExpressionError:
        return
    compile(python, "expression", "eval")
