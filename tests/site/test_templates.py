"""The words of every language: the same keys, and each of them used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from registry_tool.site.templates import LANGUAGES, environment, folder, messages, plain_environment

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
    built = (
        *("who_", "pii_", "score_", "bump_", "to_", "group_", "change_", "category_"),
        *("status_", "from_"),
    )
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


OURS = re.compile(
    r"t\b.*|base|home|url \| twin|(group|item)\.url \| twin|older \| twin|[\w.]+\.(package|json|sbom|bundle)_url|"
    r"w\.(name|version|digest)|item\.(name|version)|version\.number|before|after|"
    r"d\.(name|(before|after)\.number)|port\.type|group\.count|count|number|word|title|workflows|versions|"
    r"heading|source|operation\.\w+|edge\.(type|(reads|writes|when) \| join\(\", \"\))|readme"
)
"""What the tool writes itself, what the schema bounds to letters, and the README, which comes last."""


@pytest.mark.parametrize("path", sorted(folder().glob("*.md")), ids=lambda path: path.name)
def test_a_strangers_words_in_a_twin_are_a_line_or_code(path: Path) -> None:
    """A model's name of several lines forged headings, and backticks in an input ended the command to copy."""
    for written in re.findall(r"\{\{ (.*?) \}\}", path.read_text("utf-8")):
        kept = re.search(r"\| (line|code|number|fenced\(\"\w+\"\))$", written)
        assert kept or OURS.fullmatch(written), written


def test_code_is_ended_by_nothing_in_it() -> None:
    made = plain_environment().from_string("{{ a | code }}\n{{ a | fenced('sh') }}")
    text = made.render(a="x`\n```\n# forged\n````")
    reader = MarkdownIt()
    assert [token.type for token in reader.parse(text)] == [
        *("paragraph_open", "inline", "paragraph_close", "fence"),
    ]


def test_numbers_have_commas_and_what_stands_between_backticks_is_code() -> None:
    template = environment().from_string("{{ 1234567 | number }} {{ text | coded }}")
    assert template.render(text="`<a>` & b") == "1,234,567 <code>&lt;a&gt;</code> &amp; b"
