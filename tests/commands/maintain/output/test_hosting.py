from __future__ import annotations

from registry_tool.commands.maintain.output.hosting import PAGES_BYTES, too_large


def test_a_warning_from_four_fifths_on() -> None:
    assert not too_large(PAGES_BYTES * 8 // 10 - 1)
    result = too_large(PAGES_BYTES * 9 // 10)
    assert "900 MB, 90% of what GitHub Pages holds" in result
    assert "site.version_pages" in result
