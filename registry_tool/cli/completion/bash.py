"""bash: it splits words at `:`, `@` and `=`, which stand inside references.

The script hands over the whole line and what bash splits at; what is answered is the part of a word that bash
replaces (https://tiswww.case.edu/php/chet/bash/FAQ, E13).
"""

from __future__ import annotations

import os

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    split_arg_string,
)

_SPLIT_AT = ":@="
_SOURCE = """\
%(complete_func)s() {
    local line response type value
    response=$(env PUPPY_LINE="${COMP_LINE:0:COMP_POINT}" PUPPY_BREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete %(prog_name)s 2>/dev/null)
    while IFS= read -r line; do
        type=${line%%%%,*} value=${line#*,}
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class WholeLineBash(BashComplete):
    """Takes the words from the line up to the cursor; without that, as click does."""

    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one."""
        if "PUPPY_LINE" not in os.environ:
            return super().get_completion_args()
        line = os.environ["PUPPY_LINE"]
        words = split_arg_string(line)[1:]
        if not words or line[-1:].isspace():
            return words, ""
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """The item without what bash takes for an earlier word."""
        _, typed = self.get_completion_args()
        breaks = os.environ.get("PUPPY_BREAKS", "")
        end = max((typed.rfind(one) for one in _SPLIT_AT if one in breaks), default=-1)
        return f"{item.type},{str(item.value).removeprefix(typed[: end + 1])}"


def register() -> None:
    """Have click use it for bash."""
    add_completion_class(WholeLineBash)
