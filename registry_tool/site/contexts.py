"""What pages say, as plain values: no template, no disk, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.core.values import Value
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.manifest.notice import Level
from registry_tool.site import links
from registry_tool.site.dependency_picture import dependency_picture
from registry_tool.site.diagram import Diagram, diagram
from registry_tool.site.facts import data_flow, parts
from registry_tool.site.facts.manifest import definitions, highlighted
from registry_tool.site.facts.ports import plain, port
from registry_tool.site.facts.snippets import UNKNOWN, examples, snippets
from registry_tool.site.facts.tests import tests
from registry_tool.site.markdown import clean_html
from registry_tool.site.site import GroupEntry, Site, Summary
from registry_tool.store.paths import package_file

if TYPE_CHECKING:
    from markupsafe import Markup

Context = dict[str, object]
Words = dict[str, str]
MoreWorded = Callable[[Words], Context]

_COLUMN = 750  # pixels that a picture has beside the notes
_NOTICE_WORDS = {
    Level.NOTICE: "notice_notice",
    Level.WARN: "notice_warn",
    Level.BLOCK: "notice_block",
}


def card(summary: Summary) -> Context:
    """A workflow in a list."""
    author, name = str(summary["author"]), str(summary["name"])
    return {
        "name": name,
        "version": summary["version"],
        "description": summary["description"],
        "author": author,
        "author_url": links.group_page("authors", author),
        "tags": tag_links(cast(list[str], summary["tags"])),
        "url": links.line_page(name),
        "updated": str(summary["updated"] or "")[:10],
        "downloads": f"{downloads:,}" if (downloads := summary.get("downloads")) else "",
        "rating": summary.get("rating"),
        "licence": summary.get("licence") or "",
        "certified": bool(summary.get("certified")),
        "offline": bool(summary.get("offline")),
        "deprecated": bool(summary.get("deprecated")),
        "score": summary.get("score"),
    }


def tag_links(tags: Iterable[str]) -> list[Context]:
    """Tags with their lists."""
    return [{"name": tag, "url": links.group_page("tags", tag)} for tag in tags]


def group(kind: str, entry: GroupEntry, words: Words) -> Context:
    """A category, author or tag with its count and page."""
    named = kind == "categories"
    return {
        "key": entry.key,
        "title": category_title(entry.title, entry.key, words) if named else entry.key,
        "count": entry.count,
        "url": links.group_page(kind, entry.key),
    }


def address(site: Site) -> str:
    """Where this registry is read, without a slash at its end."""
    return site.base_url or site.settings.url.rstrip("/") or UNKNOWN


def workflow(version: PublishedVersion, site: Site) -> Context:
    """All that a page says of one version, whatever the language."""
    compiled = version.workflow
    drawn = Diagram(compiled)
    lines = definitions(version.manifest)
    inputs = examples(compiled)
    return {
        **_head(version, site),
        "inputs": [port(item, inputs.get(item.name)) for item in compiled.interface.inputs],
        "outputs": [port(item) for item in compiled.interface.outputs],
        "diagram": diagram(drawn, version.reference),
        "diagram_wide": drawn.layout.width > _COLUMN,
        "blocks": parts.blocks(drawn, lines),
        "edges": parts.edges(drawn, lines),
        "manifest": highlighted(version.manifest),
        "readme": _readme(version),
        "tests": tests(version, drawn),
        "snippets": snippets(compiled, address(site), inputs),
        "requires": [_requirement(need, site) for need in compiled.requires],
        "callees": [
            {"name": name, "url": links.line_page(name)} for name in data_flow.callees(compiled)
        ],
        "destinations": data_flow.destinations(compiled),
        "environments": [
            (environment.name, _settings(environment.overrides))
            for environment in compiled.environments
        ],
        "apis": [
            {
                "name": api.name,
                "version": api.version,
                "required": api.required,
                "hosts": list(api.hosts),
                "secrets": list(api.secrets),
            }
            for api in compiled.external_apis
        ],
    }


def _head(version: PublishedVersion, site: Site) -> Context:
    about = version.workflow.metadata
    return {
        "name": about.name,
        "version": about.version,
        "reference": version.reference,
        "prerelease": "-" in about.version.partition("+")[0],
        "description": about.description,
        "category_key": about.category,
        "category_title": site.settings.categories.get(about.category, ""),
        "category_url": links.group_page("categories", about.category),
        "author": about.author,
        "author_url": links.group_page("authors", about.author),
        "tags": tag_links(about.tags),
        "licence": about.license,
        "homepage": about.homepage,
        "released": version.released[:10],
        "yanked": version.yanked,
        "notice": version.notice,
        "notice_word": _NOTICE_WORDS[version.notice.level] if version.notice else "",
        "line_url": links.line_page(version.name),
        "version_url": links.version_page(version.name, version.number),
        "package_url": links.package_url(version),
        "package_name": package_file(about.name, about.version),
        "json_url": links.json_url(version),
        "versions_url": f"{links.API}/workflows/{version.name}/versions.json",
        "digest": version.digest,
        "size": f"{version.size:,}".replace(",", "\u202f"),
        "files": [file.path for file in version.files],
        "address": address(site),
    }


def line(line_: Line, summary: Summary, dependents: Sequence[Summary]) -> Context:
    """What changes with time, for the workflow's own page."""
    return {
        "versions": [_version(item, below) for item, below in _with_predecessors(line_)],
        "dependents": [card(item) for item in dependents],
        "picture": dependency_picture(
            line_.name,
            [need.name for need in line_.latest.workflow.requires if need.registry == "public"],
            [str(item["name"]) for item in dependents],
            line_.name,
        ),
        "certified": bool(summary.get("certified")),
        "downloads": f"{summary.get('downloads') or 0:,}",
        "rating": summary.get("rating"),
        "owners": [owner.login for owner in line_.owners.owners],
        "collaborators": [owner.login for owner in line_.owners.collaborators],
        "deprecated": line_.owners.deprecated,
        "feed_url": links.line_feed(line_.name),
        "badge_url": links.badge(line_.name),
        "compare_url": links.compare_page(line_.name) if len(line_.versions) > 1 else "",
    }


def _with_predecessors(
    line_: Line,
) -> list[tuple[PublishedVersion, PublishedVersion | None]]:
    """Versions, newest first, each with the one below it."""
    before: list[PublishedVersion | None] = [None, *line_.versions[:-1]]
    return list(zip(line_.versions, before, strict=True))[::-1]


def _version(version: PublishedVersion, below: PublishedVersion | None) -> Context:
    return {
        "number": version.number,
        "url": links.version_page(version.name, version.number),
        "released": version.released[:10],
        "yanked": bool(version.yanked),
        "noticed": version.notice is not None and not version.yanked,
        "diff_url": links.diff_page(version.name, below.number, version.number) if below else "",
        "below": below.number if below else "",
    }


def security(workflow_: Workflow, words: Words) -> list[tuple[str, str]]:
    """Who may do what, and how personal data is handled, in a language's words."""
    rules = workflow_.security

    def people(names: Iterable[str]) -> str:
        return ", ".join(words.get(f"who_{name}", name) for name in names)

    facts = [
        (words["may_read"], people(rules.read)),
        (words["may_execute"], people(rules.execute)),
        (words["may_modify"], people(rules.modify)),
        (words["personal_data"], words.get(f"pii_{rules.pii_handling}", rules.pii_handling)),
        (words["retention"], rules.data_retention),
        (words["encryption"], rules.encryption),
    ]
    return [fact for fact in facts if fact[1]]


def needs(workflow_: Workflow, words: Words) -> list[tuple[str, str]]:
    """What a run needs of its machine, in a language's words."""
    asked = workflow_.requirements
    facts = [
        (words["needs_compute"], asked.compute),
        (words["needs_memory"], asked.memory),
        (words["needs_storage"], asked.storage),
        (words["needs_timeout"], asked.timeout),
    ]
    return [fact for fact in facts if fact[1]]


def worded(page: Context, version: PublishedVersion, words: Words) -> Context:
    """A version's page in a language's words."""
    return {
        **page,
        "category": category_title(str(page["category_title"]), str(page["category_key"]), words),
        "security": security(version.workflow, words),
        "needs": needs(version.workflow, words),
    }


def category_title(title: str, key: str, words: Words) -> str:
    """A category's title: the settings' own, else a language's word, else made from its key."""
    return title or words.get(f"category_{key}") or key.replace("-", " ").capitalize()


def _readme(version: PublishedVersion) -> Markup:
    """The README without its first heading where that only repeats the name."""
    return clean_html(readme_text(version))


def readme_text(version: PublishedVersion) -> str:
    """The README's Markdown, as the page shows it."""
    text = version.readme
    first, _, rest = text.lstrip().partition("\n")
    heading = first.lstrip("# ").strip().casefold().replace(" ", "-")
    return rest if first.startswith("# ") and heading == version.name.casefold() else text


def _requirement(need: Requirement, site: Site) -> Context:
    """A dependency, with a link where it is one of this registry: `public`, unless that names another one here."""
    here = need.registry == "public" and "public" not in site.settings.registries
    return {
        "name": need.name,
        "range": need.range,
        "registry": "" if here else need.registry,
        "url": links.line_page(need.name) if here else "",
        "versions_url": f"{links.API}/workflows/{need.name}/versions.json" if here else "",
    }


def _settings(overrides: object) -> list[tuple[str, str]]:
    items = cast(dict[str, Value], dict(overrides)) if isinstance(overrides, dict) else {}
    return [(key, plain(value)) for key, value in items.items()]
