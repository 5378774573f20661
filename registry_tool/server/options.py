"""What is served and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServeOptions:
    """A registry's folder and branch, and where to listen.

    `root` and `site`, the folder of the built output (empty: no pages), are absolute. `public_url` is where others
    reach the server; `most_connections` bounds those of one worker, `most_runs` its runs at once. `environment`
    and `provider` are those of runs that name none.
    Whoever asks from `trusted_proxies`, addresses or networks, may say for whom.
    """

    root: str
    branch: str = "main"
    remote: str = ""
    site: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    public_url: str = ""
    most_connections: int = 1000
    most_runs: int = 8
    environment: str = ""
    provider: str = ""
    trusted_proxies: tuple[str, ...] = ()
