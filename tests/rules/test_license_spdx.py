"""Any text is judged, whatever the library behind the rule makes of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.rules.license_spdx import _ids, license_error

WORDS = st.sampled_from(
    ["MIT", "Apache-2.0", "AND", "OR", "WITH", "(", ")", "+", "LicenseRef-x", "-"]
)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_judged(expression: str) -> None:
    assert isinstance(license_error(expression), str)


def test_expressions_and_nonsense() -> None:
    assert license_error("MIT OR (Apache-2.0 AND BSD-3-Clause)") == ""
    assert license_error("GPL-2.0-only WITH Classpath-exception-2.0") == ""
    for nonsense in ("MIT OR", "((((", "${{ secrets.TOKEN }}", "(" * 200):
        assert license_error(nonsense)


def test_every_known_licence_is_one() -> None:
    assert {"MIT", "Apache-2.0", "CC-BY-4.0"} < set(_ids())
    assert [known for known in _ids() if license_error(known)] == []
