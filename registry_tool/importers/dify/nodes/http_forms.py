"""Forms as the body of a request: their fields are put together by a `code` edge before it."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.branches import expression
from registry_tool.importers.dify.references import unique
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.imported import NotRunnableError

_BOUNDARY: Final = "----registry-form-boundary"
FORMS: Final = {
    "x-www-form-urlencoded": "application/x-www-form-urlencoded",
    "form-data": f"multipart/form-data; boundary={_BOUNDARY}",
}
"""The content type of each kind of form."""
_JOINED: Final = {
    "x-www-form-urlencoded": "    return urlencode(fields)\n",
    "form-data": f"""    lines = []
    for name, value in fields:
        lines += ["--{_BOUNDARY}", f'Content-Disposition: form-data; name="{{name}}"', "", str(value)]
    return "\\r\\n".join([*lines, "--{_BOUNDARY}--", ""])
""",
}


def form_body(node: Node, kind: str, data: Value, work: Work) -> tuple[str, str]:
    """The content type, and the block of the body; `NotRunnableError` for files in it."""
    reads: list[str] = []
    fields = "".join(
        f"        ({key!r}, {expression(node, value, work, reads)}),\n"
        for key, value in _fields(data)
    )
    code = (
        f"from urllib.parse import urlencode\n\n\n{AT}\n\ndef main(inputs):\n"
        f"    fields = [\n{fields}    ]\n{_JOINED[kind]}"
    )
    return FORMS[kind], work.compute(
        node, code, unique(reads), stem=f"{node.title} form", target="text"
    )


def _fields(data: Value) -> list[tuple[str, str]]:
    if isinstance(data, str):
        pairs = (line.partition(":") for line in data.splitlines())
        return [(name.strip(), value.strip()) for name, _, value in pairs if name.strip()]
    found = []
    for item in data if isinstance(data, list) else []:
        if isinstance(item, dict) and text_of(item, "key"):
            if text_of(item, "type") == "file":
                raise NotRunnableError("its form holds a file; an http edge sends JSON and text")
            found.append((text_of(item, "key"), text_of(item, "value")))
    return found
