"""Words of a language as constants of its templates: looked up and escaped once, not on every page."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

WORDS = "t"
"""What templates and their macros call the words."""


class ConstantWords(NodeTransformer):
    """Puts each known `t.word` of a template's tree into its place; Jinja joins constants to the text around."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 - jinja2's name for it
        """`t.word`."""
        is_word = isinstance(node.node, nodes.Name) and node.node.name == WORDS
        if is_word and node.attr in self.words:
            return nodes.Const(self.words[node.attr], lineno=node.lineno)
        return self.generic_visit(node)
