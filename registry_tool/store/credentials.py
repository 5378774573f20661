"""How a job's git speaks for itself to the forge: by the step's token, in that one process, and in no file.

`actions/checkout` would leave the token in `.git/config`, where every later step can read it; the jobs tell it not
to, and give the token to the steps that push. https://git-scm.com/docs/git-config, GIT_CONFIG_COUNT.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping


def job_credentials(environ: Mapping[str, str], address: str) -> dict[str, str]:
    """Variables for a git process that speaks to `address`; none outside a job, without a token, or elsewhere.

    The token goes to the forge that runs the job (`GITHUB_SERVER_URL`) and to nobody else, also after redirects:
    git keeps the header to that address.
    """
    token = environ.get("GITHUB_TOKEN", "")
    server = environ.get("GITHUB_SERVER_URL", "").rstrip("/")
    if environ.get("GITHUB_ACTIONS") != "true" or not token or not server:
        return {}
    if not address.startswith(f"{server}/"):
        return {}
    number = int(environ.get("GIT_CONFIG_COUNT") or 0)
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{server}/.extraheader",
        f"GIT_CONFIG_VALUE_{number}": f"AUTHORIZATION: basic {secret}",
        "GIT_TERMINAL_PROMPT": "0",
    }
