"""`modify`, `chunk` and `template` edges: texts that are edited, cut and rendered."""

from __future__ import annotations

from typing import cast

from registry_tool.commands.author.python_script.expressions import literal, quoted
from registry_tool.commands.author.python_script.site import EdgeSite
from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.chunk import ChunkConfig
from registry_tool.engine.edges.modify import ModifyConfig
from registry_tool.engine.edges.template import TemplateConfig


def modify(site: EdgeSite) -> str:
    """Content that is copied, edited or converted."""
    config = cast(ModifyConfig, config_of(site.edge))
    given = site.edge.config.get("content")
    content = site.names.block(site.edge.sources[0]) if given is None else site.names.value(given)
    if config.modify_type == "copy":
        return content
    if config.modify_type == "convert2text":
        return f"text_of({content})"
    if config.modify_type == "edit_text":
        return _edited(site, config, content)
    if config.modify_type == "edit_structured":
        raise site.refuse("it edits lists and objects by operations; code does the same")
    return _converted(site, config, content)


def _edited(site: EdgeSite, config: ModifyConfig, content: str) -> str:
    template = config.content
    text = site.names.text(template) if isinstance(template, str) else f"text_of({content})"
    start, end = config.slice
    if (start, end) != (0, -1):
        text = f"{text}[{start} : {'' if end == -1 else end}]"
    if config.sort_type in {"ascending", "descending"}:
        return f'"".join(sorted({text}, reverse={config.sort_type == "descending"}))'
    return text


def _converted(site: EdgeSite, config: ModifyConfig, content: str) -> str:
    mode = config.conversion_mode
    if mode == "wrap_into_dict":
        return f"({{{quoted(config.dict_key or 'value')}: {content}}} if {content} else {{}})"
    if mode == "split_by_length":
        size = config.length_separator
        return f"[({content})[at : at + {size}] for at in range(0, len({content} or ''), {size})]"
    separators = [one for one in config.list_separator if one]
    if mode == "split_by_character" and separators:
        site.script.splitters.add("split_at")
        return f"split_at({content} or '', {literal(list[Value](separators))})"
    raise site.refuse(f"{mode} reads JSON and Python out of texts; code does the same")


def chunk(site: EdgeSite) -> str:
    """A text cut into a list."""
    config = cast(ChunkConfig, config_of(site.edge))
    content = site.names.block(site.edge.sources[0])
    mode, sub = config.chunking_mode, config.sub_chunking_mode
    cut = ""
    if mode == "auto":
        size = config.chunk_size or 1000
        separators = literal(list[Value](config.separators))
        cut = f"automatic(one, {size}, {config.chunk_overlap}, {separators})"
        site.script.splitters |= {"automatic", "_after"}
    elif mode == "length" and sub != "token":
        ends = sorted({*config.split_chars, " "} if config.split_chars else " .,;:?!~")
        words = f", whole_words=True, ends=frozenset({literal(list[Value](ends))})"
        whole = words if config.handle_half_word else ""
        cut = f"by_length(one, {config.chunk_size or 100}, {config.overlap}{whole})"
        site.script.splitters |= {"by_length", "_word_before", "_word_after"}
    elif mode == "character":
        delimiters = [one for one in config.delimiters if one]
        cut = f"split_at(one, {literal(list[Value](delimiters))})"
        site.script.splitters.add("split_at")
    if not cut or (mode == "character" and not any(config.delimiters)):
        raise site.refuse(f"of the ways to cut it has auto, length and character, not {mode}")
    return f"cut_all({content}, lambda one: {cut})"


def template(site: EdgeSite) -> str:
    """A rendered Jinja template."""
    config = cast(TemplateConfig, config_of(site.edge))
    site.script.requirements.add("jinja2")
    if config.values is not None:
        values = site.names.value(dict(config.values))
    else:
        pairs = (
            f"{quoted(block.label or block.id)}: {site.names.block(block.id)}"
            for block in site.frame.sources
        )
        values = f"{{{', '.join(pairs)}}}"
    return f"render({quoted(config.template)}, {values})"
