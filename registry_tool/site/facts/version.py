"""All that a page says of one version, whatever the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.catalogue.tool_facts import recorded_usage
from registry_tool.core.once import once
from registry_tool.core.values import Frozen
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Level
from registry_tool.site import links
from registry_tool.site.contexts import Context, tag_links
from registry_tool.site.diagram import diagram, drawn_of, width_class
from registry_tool.site.facts import data_flow, parts
from registry_tool.site.facts.manifest import definitions, highlighted
from registry_tool.site.facts.ports import plain, port
from registry_tool.site.facts.snippets import examples, snippets
from registry_tool.site.facts.tests import tests
from registry_tool.site.markdown import clean_html
from registry_tool.site.site import Site
from registry_tool.store.paths import package_file

if TYPE_CHECKING:
    from markupsafe import Markup

_GITHUB = "https://github.com/"
_README = 100_000  # characters of a README that a page shows; the package has all
_COLUMN = 796  # pixels that a picture has beside the notes
_NOTICE_WORDS = {
    Level.NOTICE: "notice_notice",
    Level.WARN: "notice_warn",
    Level.BLOCK: "notice_block",
}


@once
def version_facts(version: PublishedVersion, site: Site) -> Context:
    """All that a page says of one version, whatever the language."""
    compiled = version.workflow
    drawn = drawn_of(compiled)
    lines = definitions(version.manifest)
    inputs = examples(compiled)
    return {
        **_head(version, site),
        "inputs": [port(item, inputs.get(item.name)) for item in compiled.interface.inputs],
        "outputs": [port(item) for item in compiled.interface.outputs],
        "diagram": diagram(drawn, version.reference),
        "diagram_wide": width_class(drawn.layout.width, _COLUMN),
        "blocks": parts.blocks(drawn, lines),
        "edges": parts.edges(drawn, lines),
        "conditional": any(edge.when or edge.on_error for edge in compiled.edges),
        "manifest": highlighted(version.manifest),
        "readme": _readme(version),
        "readme_cut": len(version.readme) > _README,
        "tests": tests(version, drawn),
        "snippets": snippets(compiled, site.address, inputs),
        "requires": [_requirement(need, site) for need in compiled.requires],
        "callees": [
            {"name": name, "url": links.line_page(name)} for name in data_flow.callees(compiled)
        ],
        "usage": recorded_usage(version.cassettes),
        "destinations": data_flow.destinations(compiled),
        "toxic": data_flow.toxic(compiled),
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
        "sbom_url": links.sbom_url(version),
        "built": _built(version),
        "versions_url": f"{links.API}/workflows/{version.name}/versions.json",
        "digest": version.digest,
        "size": version.size,
        "files": [file.path for file in version.files],
        "address": site.address,
    }


def _built(version: PublishedVersion) -> Context | None:
    """Who built the package, with addresses on GitHub alone: an attestation is another's text."""
    built = version.built
    if built is None:
        return None
    run = built.run if built.run.startswith(_GITHUB) else ""
    known = built.repository.startswith(_GITHUB)
    commit = f"{built.repository}/commit/{built.commit}" if known else ""
    return {
        "repository": built.repository,
        "repository_url": built.repository if known else "",
        "commit": built.commit,
        "commit_url": commit,
        "run_url": run,
        "bundle_url": links.attestation_url(version),
    }


def _readme(version: PublishedVersion) -> Markup:
    """The README without its first heading where that only repeats the name."""
    return clean_html(readme_text(version))


def readme_text(version: PublishedVersion) -> str:
    """The README's Markdown, as the page shows it."""
    text = _cut(version.readme)
    first, _, rest = text.lstrip().partition("\n")
    heading = first.lstrip("# ").strip().casefold().replace(" ", "-")
    return rest if first.startswith("# ") and heading == version.name.casefold() else text


def _cut(text: str) -> str:
    """The text, or as many of its first lines as a page shows."""
    if len(text) <= _README:
        return text
    end = text.rfind("\n", 0, _README)
    return text[: end if end > 0 else _README]


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


def _settings(overrides: Frozen) -> list[tuple[str, str]]:
    return [(key, plain(value)) for key, value in overrides.items()]
