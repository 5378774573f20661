"""The library behind the rule stumbles over some nonsense; the rule may not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.rules.license_spdx import _errors

WORDS = st.sampled_from(
    ["MIT", "Apache-2.0", "AND", "OR", "WITH", "(", ")", "+", "LicenseRef-x", "-"]
)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_judged(expression: str) -> None:
    assert isinstance(_errors(expression), tuple)


def test_expressions_and_nonsense() -> None:
    assert _errors("MIT OR (Apache-2.0 AND BSD-3-Clause)") == ()
    for nonsense in ("MIT OR", "((((", "${{ secrets.TOKEN }}", "(" * 200):
        assert _errors(nonsense)
