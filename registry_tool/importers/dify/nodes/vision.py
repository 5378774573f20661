"""Pictures that nodes show to a model: files of `vision`, and those that stand in a prompt's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import Text, pieces, selector_of
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import sub_object, text_of

WHY_VISION: Final = (
    "give pictures as paths of files below resources/ or as data:image/png;base64,… (Dify uploads them), "
    "and a model that sees"
)
_FILES: Final = ("sys", "files")
_FORM_FILES: Final = frozenset({"file", "file-list"})


@dataclass(frozen=True, slots=True)
class ShownFiles:
    """Templates of the files that a model is shown, and the blocks that they read."""

    templates: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    def config(self) -> Object:
        """The field of an `llm` edge; empty for no file."""
        return {"images": list[Value](self.templates)} if self.templates else {}


def shown_files(node: Node, work: Work, texts: Iterable[str] = ()) -> ShownFiles:
    """What `vision` chooses, then the files that the texts of a prompt name, each once."""
    selectors = [*_chosen(node, work)]
    for text in texts:
        selectors += [one for one in pieces(text) if isinstance(one, tuple) and is_file(one, work)]
    found = [work.of(node, selector) for selector in dict.fromkeys(selectors)]
    if found and text_of(sub_object(sub_object(node.data, "vision"), "configs"), "detail") == "low":
        work.lose(node, "the low detail of its pictures", "they are sent as they are")
    templates = dict.fromkeys(one.placeholder for one in found)
    return ShownFiles(tuple(templates), tuple(dict.fromkeys(one.block for one in found)))


def without_files(node: Node, work: Work, template: str) -> Text:
    """A text of Dify as ours; files in it are shown, and leave nothing in the words."""
    kept = (
        piece if isinstance(piece, str) else "{{#" + ".".join(piece) + "#}}"
        for piece in pieces(template)
        if isinstance(piece, str) or not is_file(piece, work)
    )
    return work.text(node, "".join(kept))


def is_file(selector: Sequence[str], work: Work) -> bool:
    """Whether a selector leads to files that the caller gives."""
    if tuple(selector[:2]) == _FILES:
        return True
    owner = work.app.nodes.get(selector[0]) if len(selector) == 2 else None
    if owner is None or owner.type != "start":
        return False
    variables = owner.data.get("variables")
    fields = (
        [item for item in variables if isinstance(item, dict)]
        if isinstance(variables, list)
        else []
    )
    return any(
        text_of(item, "variable") == selector[1] and text_of(item, "type") in _FORM_FILES
        for item in fields
    )


def _chosen(node: Node, work: Work) -> list[tuple[str, ...]]:
    vision = sub_object(node.data, "vision")
    if vision.get("enabled") is not True:
        return []
    selector = tuple(selector_of(sub_object(vision, "configs").get("variable_selector"))) or _FILES
    if selector == _FILES and not _takes_files(work):
        return []  # the switch of every new node of an app to which nobody can give a file
    return [selector]


def _takes_files(work: Work) -> bool:
    """Whether the app's page lets its user add files to what is asked."""
    upload = work.app.features.get("file_upload")
    if not isinstance(upload, dict):
        return True
    return upload.get("enabled") is True or sub_object(upload, "image").get("enabled") is True
