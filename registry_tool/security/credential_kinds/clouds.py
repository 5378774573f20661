"""Keys of clouds, hosts and databases."""

from __future__ import annotations

from typing import Final

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_kinds.kind import (
    NOT_LONGER,
    CredentialKind,
    prefixed,
    word,
)

CLOUDS: Final = (
    word(
        "AWS Access Key",
        "AKIA ASIA ABIA ACCA A3TA A3TB A3TC A3TD A3TE A3TG A3TX",
        "[A-Z0-9]{16}",
    ),
    CredentialKind(
        "AWS secret key",
        ("aws", "secret_access_key", "secretaccesskey"),
        r"(?:aws[\w .-]{0,24}?(?:secret|sk)|secret_?access_?key)[\w .-]{0,16}[\"'\]]{0,2}\s{0,4}(?:=>|:=|=|:|,)"
        r"\s{0,4}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        checks.dense,
        folded=True,
        starts=("aws", "secret_access", "secretaccess"),
    ),
    CredentialKind(
        "AWS session token",
        ("aws_session_token", "awssessiontoken", "aws_security_token"),
        r"aws_?(?:session|security)_?token[\"'\]]{0,2}\s{0,4}[=:]\s{0,4}[\"']?([A-Za-z0-9/+=]{100,}+)",
        folded=True,
        starts=("aws_se", "awsse"),
    ),
    prefixed("AWS Bedrock key", "ABSK", "[A-Za-z0-9+/]{109,}+"),
    word("Google API key", "AIza", r"[A-Za-z0-9_-]{35}"),
    prefixed("Google client secret", "GOCSPX-", r"[A-Za-z0-9_-]{28}"),
    prefixed("Google access token", "ya29.", r"[A-Za-z0-9_-]{30,}+"),
    CredentialKind(
        "Google refresh token",
        ("1//0",),
        r"(?<![\w/:])1//0[A-Za-z0-9_-]{40,}+",
        starts=("1//0",),
    ),
    CredentialKind(
        "Azure storage key",
        ("ccountKey=",),
        r"[Aa]ccountKey=([A-Za-z0-9+/]{86}==)",
        checks.dense,
        starts=("AccountKey=", "accountKey="),
    ),
    CredentialKind(
        "Azure shared access key",
        ("SharedAccessKey=",),
        r"SharedAccessKey=([A-Za-z0-9+/]{43}=)",
        checks.dense,
        starts=("SharedAccessKey=",),
    ),
    CredentialKind(
        "Azure SAS signature",
        ("sig=",),
        r"(?<![A-Za-z0-9])sig=([A-Za-z0-9+/]{43}=|(?:[A-Za-z0-9+/_-]|%2[BbFf]){43}(?:%3[Dd]|=))",
        checks.dense,
        starts=("sig=",),
    ),
    CredentialKind(
        "Azure client secret",
        ("Q~",),
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])",
        starts=("Q~",),
        lead=4,
    ),
    CredentialKind(
        "Azure AI key",
        ("JQQJ99",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}" + NOT_LONGER,
        starts=("JQQJ99",),
        lead=52,
    ),
    CredentialKind(
        "Azure search key",
        ("AzSe",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}",
        starts=("AzSe",),
        lead=42,
    ),
    CredentialKind(
        "Azure DevOps token",
        ("AZDO",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
        starts=("AZDO",),
        lead=76,
    ),
    word("Alibaba Cloud key id", "LTAI", "[A-Za-z0-9]{12,22}", checks.dense),
    word("Tencent Cloud key id", "AKID", "[A-Za-z0-9]{32}"),
    word("Volcengine key id", "AKLT", "[A-Za-z0-9_-]{28,64}", checks.dense),
    prefixed("Baidu key", "bce-v3/ALTAK-", r"[A-Za-z0-9]{21}/[0-9a-f]{40}"),
    prefixed("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{64}"),
    prefixed("Heroku key", "HRKU-AA", r"[A-Za-z0-9_-]{58}"),
    prefixed("Fly.io token", "fm2_ fo1_", r"[A-Za-z0-9+/=_-]{40,}+"),
    prefixed("Cloudflare origin key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
    word("Netlify token", "nfp_", "[A-Za-z0-9]{36,}+"),
    prefixed("Supabase token", "sbp_", "[0-9a-f]{40}"),
    prefixed("Supabase secret key", "sb_secret_", r"[A-Za-z0-9_-]{28,}+"),
    prefixed("PlanetScale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w.=-]{32,}+"),
    prefixed("Neon key", "napi_", "[a-z0-9]{60,}+"),
    prefixed("Databricks token", "dapi", "[0-9a-f]{32}(?:-[0-9])?"),
    CredentialKind(
        "OpenShift token",
        ("sha256~",),
        r"(?<!\w)sha256~[A-Za-z0-9_-]{43}(?![\w-])",
        checks.dense,
        starts=("sha256~",),
    ),
)
