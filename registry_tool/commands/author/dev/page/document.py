"""The page itself, as a tree: nothing in it is made from pieces of text, so nobody's words become markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from registry_tool.commands.author.dev.page.state import PageSnapshot, ShownRun, as_text
from registry_tool.commands.author.dev.session import DevResult
from registry_tool.manifest.model import Port, Workflow
from registry_tool.report.tests.marks import marks, summed_marks
from registry_tool.report.tests.text import sum_words
from registry_tool.report.text import inert
from registry_tool.site.diagram import Diagram, diagram

PROVIDERS: Final = (
    ("", "as the environment says"),
    ("replay", "recorded answers"),
    ("local", "the embedded model"),
    ("openai", "an OpenAI-compatible server"),
)
_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'
"""HTML knows it; in a tree it would become a prefix of every name."""
_NUMBERS: Final = {"number": "any", "integer": "1"}


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What the page needs to know of its server: where the preview and its files are, and the token for runs."""

    assets: str
    preview: str
    token: str


def document(shown: PageSnapshot, links: PageLinks) -> bytes:
    """The page for a state."""
    found = shown.round
    workflow = found.program.workflow if found and found.program else None
    title = inert(workflow.reference) if workflow else "Not readable at the moment"
    page = Element("html", lang="en")
    _head(page, title, shown.number, links)
    body = SubElement(page, "body")
    main = SubElement(body, "main", {"class": "dev"})
    SubElement(main, "h1").text = title
    SubElement(main, "p", {"id": "state", "role": "status"}).text = _words(found)
    if found:
        _findings(main, found)
        _tests(main, found)
    if workflow:
        _form(main, workflow)
        _run(main, workflow, shown.run)
        _preview(main, links)
    text = tostring(page, encoding="unicode", method="html")
    return f"<!doctype html>\n{text}\n".encode()


def _head(page: Element, title: str, number: int, links: PageLinks) -> None:
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", name="puppy-token", content=links.token)
    SubElement(head, "meta", name="puppy-number", content=str(number))
    SubElement(head, "title").text = f"{title} · puppy-cli dev"
    SubElement(head, "link", rel="icon", href=f"{links.assets}/assets/icon.svg")
    for sheet in (f"{links.assets}/assets/style.css", "/dev.css"):
        SubElement(head, "link", rel="stylesheet", href=sheet)
    SubElement(head, "script", src="/dev.js", defer="defer")


def _words(found: DevResult | None) -> str:
    if found is None:
        return "It is being looked at."
    problems = len(found.check.findings)
    findings = f"{problems} finding{'' if problems == 1 else 's'}" if problems else "no findings"
    tests = sum_words(found.report.cases) if found.report else found.why
    return inert(f"{findings}; {tests} ({found.seconds:.2f} s)")


def _section(main: Element, name: str, title: str) -> Element:
    section = SubElement(main, "section", {"id": name, "aria-labelledby": f"{name}-title"})
    SubElement(section, "h2", id=f"{name}-title").text = title
    return section


def _findings(main: Element, found: DevResult) -> None:
    section = _section(main, "findings", "Findings")
    for one in found.check.not_checked:
        SubElement(section, "p", {"class": "notes"}).text = inert(f"Not checked: {one}")
    if not found.check.findings:
        words = "Nothing found." if found.check.versions else found.why
        SubElement(section, "p").text = inert(words)
        return
    listed = SubElement(section, "ul")
    for finding in found.check.findings:
        item = SubElement(listed, "li")
        level = SubElement(item, "strong", {"class": finding.severity.value})
        level.text = finding.severity.value
        where = f"{finding.path}:{finding.line}" if finding.line else finding.path
        level.tail = inert(f" {where} [{finding.rule}]: {finding.message}")
        if finding.help:
            SubElement(item, "p", {"class": "notes"}).text = inert(finding.help)


def _tests(main: Element, found: DevResult) -> None:
    section = _section(main, "tests", "Tests")
    report = found.report
    if report is None:
        SubElement(section, "p").text = inert(found.why)
        return
    for words in summed_marks(report.cases):
        SubElement(section, "p", {"class": "notes"}).text = inert(words)
    listed = SubElement(section, "ul")
    for case in report.cases:
        item = SubElement(listed, "li")
        level = SubElement(item, "strong", {"class": "good" if case.passed else "error"})
        level.text, level.tail = case.outcome.value, inert(f" {case.name}")
        _below(item, [*dict.fromkeys(case.reasons), *marks(case)])
    if not report.cases:
        SubElement(section, "p").text = sum_words(())


def _below(item: Element, words: Iterable[str]) -> None:
    for text in words:
        SubElement(item, "p", {"class": "notes"}).text = inert(text)


def _form(main: Element, workflow: Workflow) -> None:
    section = _section(main, "try", "Run it")
    form = SubElement(section, "form", id="run")
    for port in workflow.interface.inputs:
        _field(form, port)
    label = SubElement(form, "label")
    SubElement(label, "span").text = "Who answers"
    chosen = SubElement(label, "select", name="provider")
    for value, words in PROVIDERS:
        SubElement(chosen, "option", value=value).text = words
    SubElement(form, "button", type="submit").text = "Run"
    SubElement(section, "p", {"id": "outcome", "role": "status"})


def _field(form: Element, port: Port) -> None:
    label = SubElement(form, "label")
    words = f"{port.name} ({port.type}{', required' if port.required else ''})"
    SubElement(label, "span").text = inert(words)
    about = {"name": f"input:{port.name}"}
    if port.required and not port.has_default:
        about["required"] = "required"
    default = as_text(port.default) if port.has_default else ""
    if port.enum or port.type == "boolean":
        _choice(label, about, port, default)
    elif port.type in _NUMBERS:
        number = {"type": "number", "step": _NUMBERS[port.type], "value": default}
        SubElement(label, "input", {**about, **number})
    else:
        rows = "2" if port.type in {"string", "file"} else "4"
        SubElement(label, "textarea", {**about, "rows": rows}).text = default
    if port.description:
        SubElement(label, "small").text = inert(port.description)


def _choice(label: Element, about: dict[str, str], port: Port, default: str) -> None:
    chosen = SubElement(label, "select", about)
    if not port.has_default:
        SubElement(chosen, "option", value="").text = "choose"
    for value in port.enum or (True, False):
        text = as_text(value)
        known = {"selected": "selected"} if text == default else {}
        SubElement(chosen, "option", {"value": text, **known}).text = inert(text)


def _run(main: Element, workflow: Workflow, run: ShownRun | None) -> None:
    section = _section(main, "graph", "Graph, with the values of the last run")
    picture = SubElement(
        section,
        "div",
        {"class": "graph", "tabindex": "0", "role": "region", "aria-label": "Graph"},
    )
    drawn = str(diagram(Diagram(workflow), "The graph")).replace(_NAMESPACE, "", 1)
    picture.append(fromstring(drawn))  # noqa: S314 - our own
    if run is None:
        SubElement(section, "p").text = "Nothing has run yet."
        return
    about = {"class": "error"} if run.failed else {}
    SubElement(section, "p", {"id": "last-run", **about}).text = inert(f"{run.title}: {run.words}")
    listed = SubElement(section, "dl", {"class": "values"})
    for block in workflow.blocks:
        known = block.id in run.values
        SubElement(listed, "dt", id=f"block-{block.id}").text = inert(block.id)
        value = SubElement(listed, "dd")
        if known:
            SubElement(value, "pre", tabindex="0").text = inert(run.values[block.id])
        else:
            value.text = "it has no value: the run did not come here"


def _preview(main: Element, links: PageLinks) -> None:
    section = _section(main, "preview", "As the catalogue will show it")
    address = f"{links.assets}/{links.preview}"
    about = {"src": address, "title": "The version's page", "sandbox": "allow-scripts"}
    SubElement(section, "iframe", about)
    line = SubElement(section, "p")
    SubElement(
        line, "a", href=address, target="_blank", rel="noreferrer"
    ).text = "In a tab of its own"
