"""A real bash: it splits words at `:`, `@` and `=`, and is handed what it puts in their place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = r"""
. "$1"
complete -p puppy-cli
try() {
    COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
    _puppy_cli_completion
    printf '%s' "$1 >"; printf ' [%s]' "${COMPREPLY[@]}"; echo
}
try 'puppy-cli info sentiment-analysis:1.'
try 'puppy-cli add "text-preproc'
try 'puppy-cli status --env=stag'
try 'puppy-cli docs nothing-such'
"""


def test_a_real_bash_offers_what_fits_behind_the_sign_it_splits_at(tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"}
    env |= {"XDG_DATA_HOME": "", "PUPPY_COMPLETION_SECONDS": "60"}
    subprocess.run(
        ["puppy-cli", "completion", "install", "--shell", "bash"], env=env, check=True, cwd=tmp_path
    )
    words = ["bash", "--norc", "-c", SCRIPT, "bash", str(tmp_path / ".bashrc")]
    done = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o nosort -F _puppy_cli_completion puppy-cli",
        "puppy-cli info sentiment-analysis:1. > [1.2.0] [1.1.0] [1.0.0]",
        'puppy-cli add "text-preproc > [text-preprocessor]',
        "puppy-cli status --env=stag > [staging]",
        "puppy-cli docs nothing-such > []",
    ]
