"""A clone whose `.git/config`, attributes and hooks name a program wherever git lets them."""

from __future__ import annotations

import subprocess
from pathlib import Path

SETTINGS = {
    "core.fsmonitor": "fsmonitor",
    "core.sshCommand": "ssh",
    "core.askPass": "askpass",
    "core.pager": "pager",
    "core.editor": "editor",
    "core.alternateRefsCommand": "alternates",
    "core.gitProxy": "proxy",
    "credential.helper": "credential",
    "diff.external": "external-diff",
    "diff.evil.command": "diff",
    "diff.evil.textconv": "textconv",
    "merge.evil.driver": "merge",
    "filter.evil.clean": "clean",
    "filter.evil.smudge": "smudge",
    "filter.evil.process": "process",
    "gpg.program": "gpg",
    "gpg.ssh.program": "gpg-ssh",
    "uploadpack.packObjectsHook": "pack",
}
ENVIRONMENT = {
    "GIT_EXTERNAL_DIFF": "PROGRAM",
    "GIT_SSH_COMMAND": "PROGRAM",
    "GIT_PAGER": "PROGRAM",
    "GIT_EDITOR": "PROGRAM",
    "GIT_ASKPASS": "PROGRAM",
    "GIT_PROXY_COMMAND": "PROGRAM",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "merge.evil.driver",
    "GIT_CONFIG_VALUE_0": "PROGRAM",
    "GIT_CONFIG_KEY_1": "core.fsmonitor",
    "GIT_CONFIG_VALUE_1": "PROGRAM",
    "GIT_CONFIG_PARAMETERS": "'merge.default'='evil'",
    "GIT_OBJECT_DIRECTORY": "/nowhere",
    "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_NAMESPACE": "elsewhere",
}
HOOKS = ("reference-transaction", "post-index-change", "pre-commit", "post-checkout", "pre-push")


def program(root: Path, name: str) -> Path:
    """A program beside the clone that leaves `pwned-NAME` there."""
    file = root.parent / f"run-{name}"
    file.write_text(f"#!/bin/sh\ntouch '{root.parent}/pwned-{name}'\nexit 1\n")
    file.chmod(0o755)
    return file


def make_hostile(root: Path) -> None:
    """Everything above, a promisor remote of `ext::`, and attributes that ask for the drivers."""
    settings = {key: str(program(root, name)) for key, name in SETTINGS.items()}
    settings |= {
        "core.attributesFile": str(root / ".git/attributes"),
        "log.showSignature": "true",
        "merge.default": "evil",
        "core.untrackedCache": "true",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "remote.evil.url": f"ext::{program(root, 'ext')} %S x",
        "remote.evil.promisor": "true",
        "remote.evil.partialclonefilter": "blob:none",
        "remote.evil.fetch": "+refs/heads/*:refs/remotes/evil/*",
        "extensions.partialClone": "evil",
        "core.repositoryFormatVersion": "1",
    }
    for key, value in settings.items():
        subprocess.run(["git", "config", "--local", key, value], cwd=root, check=True)
    for file in ("attributes", "info/attributes"):
        (root / ".git" / file).parent.mkdir(exist_ok=True)
        (root / ".git" / file).write_text("* merge=evil diff=evil filter=evil\n")
    for hook in HOOKS:
        (root / ".git/hooks").mkdir(exist_ok=True)
        (root / ".git/hooks" / hook).write_text(program(root, f"hook-{hook}").read_text())
        (root / ".git/hooks" / hook).chmod(0o755)
