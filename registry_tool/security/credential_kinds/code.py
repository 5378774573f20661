"""Tokens of forges, package registries and build services."""

from __future__ import annotations

from typing import Final

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_kinds.kind import (
    CredentialKind,
    prefixed,
    word,
)

CODE: Final = (
    prefixed("GitHub Token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9]{36,}+"),
    prefixed("GitHub token", "github_pat_", "[A-Za-z0-9_]{22,}+"),
    prefixed(
        "GitLab token",
        "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- gloas- GR1348941",
        r"[A-Za-z0-9_-]{20,}+(?:\.[a-z0-9]{2}\.[a-z0-9]{9})?",
    ),
    word("Bitbucket password", "ATBB", "[A-Za-z0-9]{32}"),
    prefixed("Atlassian token", "ATATT3 ATCTT3", r"[A-Za-z0-9_=-]{150,}+"),
    word("npm token", "npm_", "[A-Za-z0-9]{36}"),
    CredentialKind(
        "npm token",
        ("_authToken",),
        r"_authToken\s?=\s?[\"']?([A-Za-z0-9+/=_-]{20,}+)",
        checks.dense,
        starts=("_authToken",),
    ),
    prefixed("PyPI token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", r"[\w-]{50,}+"),
    prefixed("RubyGems key", "rubygems_", "[0-9a-f]{48}"),
    word("crates.io token", "cio", "[A-Za-z0-9]{32}", checks.mixed),
    word("NuGet key", "oy2", "[a-z0-9]{43}", checks.dense),
    prefixed("Docker token", "dckr_pat_ dckr_oat_", r"[A-Za-z0-9_-]{27,}+"),
    prefixed("Clojars token", "CLOJARS_", "[a-z0-9]{60}"),
    word("Artifactory key", "AKCp", "[A-Za-z0-9]{69}"),
    word("Artifactory token", "cmVmd", "[A-Za-z0-9]{59}"),
    prefixed("SonarQube token", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
    prefixed("CircleCI token", "CCIPAT_", r"[A-Za-z0-9]{16,}+_[0-9a-f]{40}"),
    prefixed("Buildkite token", "bkua_", "[0-9a-f]{40}"),
    prefixed("Sourcegraph token", "sgp_", r"(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    prefixed("Postman key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
    prefixed("Pulumi token", "pul-", "[0-9a-f]{40}"),
    CredentialKind(
        "Terraform token",
        (".atlasv1.",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}+",
        starts=(".atlasv1.",),
        lead=14,
    ),
    prefixed("Prefect key", "pnu_", "[a-z0-9]{36}"),
)
