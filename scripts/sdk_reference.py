"""Write the generated parts of docs/sdk-python.md: the errors, and every public name with its first sentence.

`--check` only says whether they are as they should be.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import puppyai.workflows as sdk
from puppyai.workflows import errors

PAGE = Path(__file__).parents[1] / "docs/sdk-python.md"


def main() -> int:
    """0 where the page is (now) as it should be."""
    before = PAGE.read_text("utf-8")
    after = rewritten(before)
    if "--check" in sys.argv[1:]:
        return int(before != after)
    PAGE.write_text(after, "utf-8")
    return 0


def rewritten(page: str) -> str:
    """The page with its generated parts anew."""
    for name, text in (("errors", error_table()), ("reference", reference())):
        mark = f"<!-- {name} -->\n"
        pattern = rf"{mark}(?:.*?<!-- end of {name} -->\n)?"
        end = f"\n{text}\n<!-- end of {name} -->\n"
        page = re.sub(pattern, lambda _, new=mark + end: new, page, flags=re.DOTALL)  # type: ignore[misc]
    return page


def error_table() -> str:
    """Out of the module's docstring."""
    lines = (errors.__doc__ or "").splitlines()
    return "\n".join(line for line in lines if line.startswith("|"))


def reference() -> str:
    """A heading a class or function, a line a member."""
    parts = []
    for name in sdk.__all__:
        thing = getattr(sdk, name)
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            parts.append(f"### {name}\n\n{first(thing)}\n\n{members(thing)}".rstrip() + "\n")
        elif inspect.isfunction(thing):
            parts.append(f"### {name}\n\n`{name}{signature(thing)}`: {first(thing)}\n")
    return "\n".join(parts)


def members(thing: type) -> str:
    """Public methods and properties, in the order of the source."""
    lines = []
    for name, member in vars(thing).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            lines.append(f"- `{name}`: {first(member)}")
        elif inspect.isfunction(member):
            lines.append(f"- `{name}{signature(member)}`: {first(member)}")
        elif hasattr(member, "attrname"):  # a cached property
            lines.append(f"- `{name}`: {first(member)}")
    return "\n".join(lines)


def signature(function: object) -> str:
    """Names and defaults of its arguments, without types."""
    parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    shown = [p.replace(annotation=inspect.Parameter.empty) for p in parameters if p.name != "self"]
    return str(inspect.Signature(shown))


def first(thing: object) -> str:
    """The first paragraph of a docstring in one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


if __name__ == "__main__":
    sys.exit(main())
