"""Which pages of documentation there are: docs, their translations, and the rules of docs/rules.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from registry_tool.core.errors import NotFoundError

RULES = "rules"
INDEX = "README"
ENGLISH = "en"
_FOLDERS = ("", "edges/")
_TWIN = re.compile(r"\A(?:中文：|English: )\[[^\]]+\]\([^)]+\)[。.]\n+")
"""The line that leads to the other language: a page of the site has a switch."""
_ROW = re.compile(r"^\| \[([^\]]+)\]\(([^)]+)\)", re.MULTILINE)
_HERE = Path(__file__)


@dataclass(frozen=True, slots=True)
class Article:
    """A page of documentation: its name in addresses, its first heading, and its Markdown below that.

    `file` is where its text stands below docs/.
    """

    name: str
    title: str
    text: str
    file: str
    language: str = ENGLISH


@cache
def docs_folder() -> Path:
    """`docs/` of a source checkout, or its copy in an installed package."""
    for found in (_HERE.parents[3] / "docs", _HERE.parents[2] / "_data/docs"):
        if (found / f"{INDEX}.md").is_file():
            return found
    raise NotFoundError("the documentation is missing", hint="install the tool again")


@cache
def documents(language: str = ENGLISH) -> Mapping[str, Article]:
    """Every page of docs/ but the rules, by name (`README` is the front), or those that a language has."""
    start = "" if language == ENGLISH else f"{language}/"
    found = (
        _document(f"{start}{folder}{path.name}", f"{folder}{path.stem}", language)
        for folder in _FOLDERS
        for path in sorted((docs_folder() / start / folder).glob("*.md"))
    )
    return {page.name: page for page in found if page.name != RULES}


def translated(name: str, language: str) -> Article:
    """A page in a language; in English where nobody translated it."""
    return documents(language).get(name) or documents()[name]


def title_of(name: str, language: str) -> str:
    """What a page is called in a language, also where it is not translated: as the language's front lists it."""
    own = documents(language).get(name)
    return own.title if own else _listed(language).get(name) or documents()[name].title


@cache
def _listed(language: str) -> Mapping[str, str]:
    front = documents(language).get(INDEX)
    rows = _ROW.findall(front.text) if front else []
    return {Path(file).stem: label for label, file in rows if not label.endswith(".md")}


@cache
def rules() -> Mapping[str, Article]:
    """Every rule's section of docs/rules.md, by the rule's id."""
    return {
        name: Article(name, name, body, _RULES_FILE) for name, body in _sections(_rules()).items()
    }


@cache
def rules_front() -> Article:
    """What docs/rules.md says before the first rule, and every rule with its first sentence."""
    items = (f"- [`{page.name}`](#{page.name}) {_first(page.text)}" for page in rules().values())
    lead = _without_title(_rules().partition("\n## ")[0])
    return Article(RULES, RULES, f"{lead}\n\n" + "\n".join(items), _RULES_FILE)


_RULES_FILE = f"{RULES}.md"


def _rules() -> str:
    return (docs_folder() / _RULES_FILE).read_text(encoding="utf-8")


def _first(text: str) -> str:
    return text.partition("\n")[0].partition("**")[2].partition("**")[0]


def _document(file: str, name: str, language: str) -> Article:
    text = (docs_folder() / file).read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ").strip().replace("`", "")
    return Article(name, title, _TWIN.sub("", _without_title(text)), file, language)


def _without_title(text: str) -> str:
    return text.partition("\n")[2].strip() if text.startswith("# ") else text


def _sections(text: str) -> dict[str, str]:
    """Text by second-level heading, wherever that is not inside a fence."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            lines = found.setdefault(line[3:].strip(), [])
        else:
            lines.append(line)
    return {name: "\n".join(body).strip() for name, body in found.items()}
