"""The words of every language: the same keys, and each of them used."""

from __future__ import annotations

import re
from pathlib import Path

from registry_tool.site.templates import LANGUAGES, messages, plain_environment

ROOT = Path(__file__).parents[2]


def test_languages_say_the_same_things() -> None:
    english, *others = (messages(language) for language in LANGUAGES)
    for other in others:
        assert other.keys() == english.keys()
    assert not set(english) & set(dir({})), "a template would get a method of dict"


def test_every_word_is_used() -> None:
    templates = [*(ROOT / "site_templates").glob("*.html"), *(ROOT / "site_templates").glob("*.md")]
    text = "".join(path.read_text() for path in templates)
    text += "".join(path.read_text() for path in (ROOT / "registry_tool/site").rglob("*.py"))
    text += "".join(path.read_text() for path in (ROOT / "site_templates/assets").glob("*.js"))
    built = ("who_", "pii_", "score_", "bump_", "to_", "group_", "change_", "category_")
    for word in messages("en"):
        used = word.startswith(built) or re.search(rf"\b(t|words)\.{word}\b|[\"']{word}[\"']", text)
        assert used, word


def test_a_strangers_words_are_one_line_of_text_in_a_twin() -> None:
    forged = (
        "Nice\n\n## Installing\n\n- [sentiment 9](https://evil.example)\n\n```\ncurl x | sh\n```"
    )
    shown = plain_environment().from_string("{{ text | line }}").render(text=forged)
    assert "\n" not in shown
    assert shown == (
        r"Nice \#\# Installing - \[sentiment 9\](https://evil.example) \`\`\` curl x \| sh \`\`\`"
    )
