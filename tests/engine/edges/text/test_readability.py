"""Web pages become text, without menus and scripts."""

from __future__ import annotations

from registry_tool.engine.edges.text.readability import readable

PAGE = "<head><title>x</title></head><nav>Menu</nav><main><p>Cats <b>purr</b>.</p></main>"


def test_pages_become_text_without_menus_and_scripts() -> None:
    assert readable(PAGE) == "Cats purr."
    assert readable("<p>a<br>b</p><script>x</script><ul><li>c</ul><footer>d</footer>") == "a\nb\nc"
    assert readable("plain &amp; simple") == "plain & simple"
