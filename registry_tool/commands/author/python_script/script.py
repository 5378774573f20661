"""A workflow → the text of a script: header, helpers, the author's functions, `run`, and a command line."""

from __future__ import annotations

import inspect
import re
from typing import Final

from registry_tool.commands.author.python_script.expressions import literal, quoted, shown
from registry_tool.commands.author.python_script.parts import asking, values
from registry_tool.commands.author.python_script.parts.written import RENDER
from registry_tool.commands.author.python_script.site import NotExportedError, Script
from registry_tool.commands.author.python_script.statements import Statements
from registry_tool.engine.edges.text import splitters, to_structured
from registry_tool.engine.plan import plan
from registry_tool.manifest.model import Workflow

_REQUIREMENTS: Final = {"httpx": "httpx>=0.27", "jinja2": "jinja2>=3.1"}
_MODULES: Final = ("argparse", "base64", "json", "os", "re", "sys", "time")
_FROM: Final = {
    "collections.abc": ("Callable", "Iterator", "Sequence"),
    "typing": ("Any",),
}
_HELPERS: Final = {
    name: item
    for module in (values, asking)
    for name, item in vars(module).items()
    if inspect.isfunction(item) and item.__module__ == module.__name__
}
"""Every helper by its name, in the order in which a script has them."""
_WORD_ENDS: Final = 'WORD_ENDS = frozenset(" .,;:?!~")'


def script_of(workflow: Workflow) -> tuple[str, tuple[str, ...]]:
    """The script, and what it requires; `NotExportedError` names the edge that no script can do, and why."""
    _refuse(workflow)
    planned = plan(workflow)
    script = Script(workflow)
    statements = Statements(planned, script)
    first = {
        block.id: statements.first_value(block.id)
        for block in workflow.blocks
        if block.id in statements.sure
    }
    lines = "\n".join(statements.of(planned.steps))
    begin = "".join(f"        {quoted(name)}: {python},\n" for name, python in first.items())
    outputs = "".join(
        f"        {quoted(name)}: {quoted(block)},\n"
        for name, block in planned.binding.outputs.items()
    )
    defaults = {p.name: p.default for p in workflow.interface.inputs if p.has_default}
    filled = f"    inputs = {{**{literal(defaults)}, **inputs}}\n" if defaults else ""
    run = (
        "def run(**inputs):\n"
        f'    """The outputs of {workflow.name} by name."""\n'
        f"{filled}"
        f"    blocks = {{\n{begin}    }}\n{lines}\n"
        f"    outputs = {{\n{outputs}    }}\n"
        "    return {name: blocks[block] for name, block in outputs.items() if block in blocks}\n"
    )
    body = [*script.functions.values(), run, _command_line(workflow)]
    helpers = _helpers("\n".join(body), script)
    requirements = tuple(_REQUIREMENTS[name] for name in sorted(script.requirements))
    text = "\n\n\n".join(part.strip("\n") for part in [*helpers, *body]) + "\n"
    head = _head(workflow, requirements, _modules(text))
    return f"{head}\n\n\n{text}", requirements


def _refuse(workflow: Workflow) -> None:
    if workflow.security.pii_handling != "keep":
        raise NotExportedError(
            f"a script does not {workflow.security.pii_handling} personal data, as the workflow asks for",
            location="security.data_privacy.pii_handling",
            hint="run it with puppy-cli run",
        )


def _helpers(text: str, script: Script) -> list[str]:
    """The source of the helpers that a text uses, and of those that they use."""
    needed: set[str] = set()
    waiting = [text]
    while waiting:
        found = set(re.findall(r"\b\w+(?=\()", waiting.pop()))
        for name in found & set(_HELPERS) - needed:
            needed.add(name)
            waiting.append(inspect.getsource(_HELPERS[name]))
    sources = [_bare(_HELPERS[name]) for name in _HELPERS if name in needed]
    extra = script.splitters
    if "jinja2" in script.requirements:
        sources.append(RENDER.rstrip())
    for name in sorted(extra, key=lambda name: name.startswith("_")):
        holder = to_structured if name == "split_at" else splitters
        sources.append(_bare(vars(holder)[name]))
    if "by_length" in extra:
        sources.insert(0, _WORD_ENDS)
    if "automatic" in extra:
        sources.insert(0, f"SEPARATORS = {literal(list(splitters.SEPARATORS))}")
    return sources


def _bare(function: object) -> str:
    """A function's source without remarks to this project's linter."""
    source = inspect.getsource(function).rstrip()  # type: ignore[arg-type]
    return re.sub(r"  # noqa:[^\n]*", "", source)


def _modules(text: str) -> list[str]:
    found = [name for name in _MODULES if re.search(rf"\b{name}\.", text)]
    lines = [f"import {name}" for name in found]
    for module, names in _FROM.items():
        found = [name for name in names if re.search(rf"\b{name}\b", text)]
        lines += [f"from {module} import {', '.join(found)}"] if found else []
    if "urlencode(" in text:
        lines.append("from urllib.parse import quote, urlencode")
    return lines


def _head(workflow: Workflow, requirements: tuple[str, ...], modules: list[str]) -> str:
    listed = "".join(f'#   "{requirement}",\n' for requirement in requirements)
    needs = f"# dependencies = [\n{listed}# ]\n" if listed else "# dependencies = []\n"
    about = workflow.metadata
    said = shown(about.description)
    asks = (
        "It asks a model at OPENAI_BASE_URL with the key in OPENAI_API_KEY.\n"
        if "httpx" in str(requirements)
        else ""
    )
    return (
        f'# /// script\n# requires-python = ">=3.11"\n{needs}# ///\n'
        f'"""{about.name} {about.version}: {said}\n\n'
        f"Written by `puppy-cli export python`. {asks}"
        "Its code runs with your rights, in no sandbox: read it before you run it.\n\n"
        f"    uv run {about.name}.py --help\n"
        '"""\n\nfrom __future__ import annotations\n\n' + "\n".join(modules)
    )


def _command_line(workflow: Workflow) -> str:
    lines = ""
    for port in workflow.interface.inputs:
        is_text = port.type in {"string", "file", "any"}
        more = "" if is_text else ", type=json.loads"
        more += ", required=True" if port.required else ""
        more += f", default={literal(port.default)}" if port.has_default else ""
        more += f", choices={literal(list(port.enum))}" if port.enum and is_text else ""
        told = " ".join(port.description.split()).replace("%", "%%")
        flag = quoted(f"--{port.name}")
        lines += f"    parser.add_argument({flag}, dest={quoted(port.name)}, help={quoted(told)}{more})\n"
    taken = any(port.name in {"help", "h"} for port in workflow.interface.inputs)
    resolve = ', conflict_handler="resolve"' if taken else ""
    return (
        "def main():\n"
        f"    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0]{resolve})\n"
        f"{lines}"
        "    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}\n"
        "    print(json.dumps(run(**given), indent=2, ensure_ascii=False))\n\n\n"
        'if __name__ == "__main__":\n    main()\n'
    )
