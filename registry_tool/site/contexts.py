"""What each page says, as plain values: no template, no disk, no clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.answerers import same_model
from registry_tool.manifest.egress import egress
from registry_tool.manifest.model import Port, Workflow
from registry_tool.manifest.notice import Level
from registry_tool.site import links
from registry_tool.site.diagram import diagram
from registry_tool.site.markdown import clean_html
from registry_tool.site.site import GroupEntry, Site, Summary
from registry_tool.store.paths import package_file

if TYPE_CHECKING:
    from markupsafe import Markup

Context = dict[str, object]
Words = dict[str, str]

_NOTICE_WORDS = {
    Level.NOTICE: "notice_notice",
    Level.WARN: "notice_warn",
    Level.BLOCK: "notice_block",
}


def card(summary: Summary) -> Context:
    """A workflow in a list."""
    author = str(summary["author"])
    return {
        "name": summary["name"],
        "version": summary["version"],
        "description": summary["description"],
        "author": author,
        "author_url": links.group_page("authors", author),
        "tags": _tags(cast(list[str], summary["tags"])),
        "url": links.line_page(str(summary["name"])),
    }


def _tags(tags: Iterable[str]) -> list[Context]:
    return [{"name": tag, "url": links.group_page("tags", tag)} for tag in tags]


def group(kind: str, entry: GroupEntry) -> Context:
    """A category, author or tag with its count and page."""
    return {
        "key": entry.key,
        "title": entry.title or group_title(kind, entry.key),
        "count": entry.count,
        "url": links.group_page(kind, entry.key),
    }


def group_title(kind: str, key: str) -> str:
    """How a category without a title of its own is called; authors and tags are called as they are."""
    return key.replace("-", " ").capitalize() if kind == "categories" else key


def workflow(
    version: PublishedVersion,
    site: Site,
    line: Line | None = None,
    dependents: Sequence[Summary] = (),
) -> Context:
    """One version's page, all but the words of a language; the workflow's own page has `line` and `dependents`."""
    about = version.workflow.metadata
    return {
        "name": about.name,
        "version": about.version,
        "description": about.description,
        "category": site.settings.categories.get(about.category)
        or group_title("categories", about.category),
        "category_url": links.group_page("categories", about.category),
        "author": about.author,
        "author_url": links.group_page("authors", about.author),
        "tags": _tags(about.tags),
        "licence": about.license,
        "homepage": about.homepage,
        "is_latest": line is not None,
        "yanked": version.yanked,
        "notice": version.notice,
        "notice_word": _NOTICE_WORDS[version.notice.level] if version.notice else "",
        "line_url": links.line_page(version.name),
        "inputs": [_port(port) for port in version.workflow.interface.inputs],
        "outputs": [_port(port) for port in version.workflow.interface.outputs],
        "diagram": diagram(version.workflow, f"{about.name} {about.version}"),
        "readme": _readme(version),
        "tests": [test.name for test in version.workflow.tests],
        "stand_ins": _stand_ins(version),
        "versions": _versions(line) if line else [],
        "requires": _requires(version),
        "dependents": _dependents(dependents),
        "needs": _needs(version.workflow),
        "egress": sorted(egress(version.workflow)),
        "environments": [
            (environment.name, _settings(environment.overrides))
            for environment in version.workflow.environments
        ],
        "package_url": links.package_url(version),
        "package_name": package_file(about.name, about.version),
        "json_url": links.json_url(version),
        "digest": version.digest,
        "size": f"{version.size:,}".replace(",", " "),
        **_commands(version.workflow),
    }


def security(workflow_: Workflow, words: Words) -> list[tuple[str, str]]:
    """Who may do what, and how personal data is handled, in a language's words."""
    rules = workflow_.security
    facts = [
        (words["may_read"], ", ".join(rules.read)),
        (words["may_execute"], ", ".join(rules.execute)),
        (words["may_modify"], ", ".join(rules.modify)),
        (words["personal_data"], rules.pii_handling),
        (words["retention"], rules.data_retention),
        (words["encryption"], rules.encryption),
    ]
    return [fact for fact in facts if fact[1]]


def worded(page: Context, version: PublishedVersion, words: Words) -> Context:
    """A version's page in a language's words."""
    return {
        **page,
        "inputs": [notes(port, words) for port in cast(list[Context], page["inputs"])],
        "outputs": [notes(port, words) for port in cast(list[Context], page["outputs"])],
        "security": security(version.workflow, words),
    }


def notes(port: Context, words: Words) -> Context:
    """A port with its notes in a language's words."""
    found = [words["required"]] if port["required"] else []
    if port["default"] is not None:
        found.append(f"{words['default']} {port['default']}")
    if port["enum"]:
        found.append(f"{words['one_of']} {port['enum']}")
    return {**port, "notes": found}


def _port(port: Port) -> Context:
    return {
        "name": port.name,
        "type": port.type,
        "description": port.description,
        "required": port.required,
        "default": json.dumps(port.default, ensure_ascii=False) if port.has_default else None,
        "enum": ", ".join(json.dumps(item, ensure_ascii=False) for item in port.enum),
        "shape": list(_shape(port.schema)),
    }


def _shape(schema: Frozen, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, type in words) of what an object, or each item of a list, holds."""
    items = schema.get("items")
    if isinstance(items, dict):
        inner = list(_shape(items, f"{prefix}[]."))
        yield from inner or [(f"{prefix}[]", _words(items))]
    properties = schema.get("properties")
    for name, below in properties.items() if isinstance(properties, dict) else ():
        if isinstance(below, dict):
            yield f"{prefix}{name}", _words(below)


def _words(schema: Frozen) -> str:
    enum, low, high = schema.get("enum"), schema.get("minimum"), schema.get("maximum")
    if isinstance(enum, list):
        return " | ".join(json.dumps(item, ensure_ascii=False) for item in enum)
    kind = str(schema.get("type", "any"))
    if low is not None and high is not None:
        return f"{kind}, {_plain(low)} … {_plain(high)}"
    return f"{kind} ≥ {_plain(low)}" if low is not None else kind


def _readme(version: PublishedVersion) -> Markup:
    """The README without its first heading where that only repeats the name."""
    text = version.readme
    first, _, rest = text.lstrip().partition("\n")
    heading = first.lstrip("# ").strip().casefold().replace(" ", "-")
    if first.startswith("# ") and heading == version.name.casefold():
        text = rest
    return clean_html(text)


def _versions(line: Line) -> list[Context]:
    return [
        {
            "number": version.number,
            "url": links.version_page(line.name, version.number),
            "released": version.released[:10],
            "yanked": bool(version.yanked),
        }
        for version in reversed(line.versions)
    ]


def _stand_ins(version: PublishedVersion) -> list[tuple[str, str]]:
    """(model that answered, model asked) where the recorded answers are another model's."""
    return [(gave, asked) for asked, gave in version.recorded if not same_model(asked, gave)]


def _requires(version: PublishedVersion) -> list[Context]:
    return [
        {
            "name": need.name,
            "note": need.range,
            "url": links.line_page(need.name) if need.registry == "public" else "",
        }
        for need in version.workflow.requires
    ]


def _dependents(dependents: Sequence[Summary]) -> list[Context]:
    names = sorted({str(summary["name"]) for summary in dependents})
    return [{"name": name, "note": "", "url": links.line_page(name)} for name in names]


def _needs(workflow_: Workflow) -> list[tuple[str, str]]:
    needs = workflow_.requirements
    facts = [(name, getattr(needs, name)) for name in ("compute", "memory", "storage", "timeout")]
    facts += [(api.name, api.version) for api in workflow_.external_apis]
    return [fact for fact in facts if fact[1]]


def _settings(overrides: object) -> str:
    items = dict(overrides) if isinstance(overrides, dict) else {}
    return ", ".join(f"{key} {_plain(value)}" for key, value in items.items()) or "–"


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _commands(workflow_: Workflow) -> Context:
    examples = _examples(workflow_)
    reference = workflow_.reference
    words = " ".join(f"--input {name}={_quoted(value)}" for name, value in examples.items())
    inputs = json.dumps(examples, ensure_ascii=False)
    return {
        "run_command": f"puppy-cli run {reference} {words}".rstrip(),
        "run_python": "from puppyai.workflows import WorkflowClient\n\n"
        'client = WorkflowClient(registry_url="…")\n'
        f'workflow = client.get_workflow("{workflow_.name}", version="{workflow_.version}")\n'
        f"result = workflow.execute(inputs={_python(inputs)})",
        "deploy_command": f"puppy-cli deploy {reference} --env development",
    }


def _examples(workflow_: Workflow) -> Object:
    """Inputs of the first test, else a placeholder for each required input."""
    if workflow_.tests and workflow_.tests[0].inputs:
        return dict(workflow_.tests[0].inputs)
    return {port.name: "…" for port in workflow_.interface.inputs if port.required}


def _quoted(value: Value) -> str:
    """One word of a POSIX shell."""
    return "'" + _plain(value).replace("'", "'\\''") + "'"


def _python(text: str) -> str:
    return (
        text.replace(": true", ": True").replace(": false", ": False").replace(": null", ": None")
    )


def search_entry(summary: Summary) -> Value:
    """What the search on the home page looks through, of one workflow."""
    tags = cast(list[str], summary["tags"])
    words = [str(summary[key]) for key in ("name", "description", "author", "category")]
    return {
        "name": summary["name"],
        "version": summary["version"],
        "description": summary["description"],
        "author": summary["author"],
        "tags": cast(Value, tags),
        "url": links.line_page(str(summary["name"])),
        "text": " ".join((*words, *tags)).casefold(),
    }
