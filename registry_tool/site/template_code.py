"""The Python that templates become: most texts need no escaping, and one that needs none is taken as it is."""

from __future__ import annotations

import re
from typing import Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_SPECIAL: Final = re.compile(r"[&<>\"']").search


class PageCode(CodeGenerator):
    """Escapes by the environment's `escaped`, where Jinja would make a `Markup` of every text."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


def escaped(value: object) -> str:
    """What `markupsafe.escape` gives; a text without special signs stays a plain one, as it is only joined."""
    kind = value.__class__
    if kind is Markup or (kind is str and not _SPECIAL(value)):  # type: ignore[call-overload]
        return value  # type: ignore[return-value]
    return escape(value)
