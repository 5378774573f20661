"""`registry-tool serve`: one process or several over one repository, which share nothing else."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from registry_tool.catalogue.environments import demand_environment
from registry_tool.commands.live.changes.spare_judge import SpareJudge
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs.settings import LiveRunSettings
from registry_tool.core.errors import RegistryError
from registry_tool.server.app import create_app
from registry_tool.server.arenas import use_one_arena
from registry_tool.server.context import Context
from registry_tool.server.forwarded import network
from registry_tool.server.keeper import ChildSupervisor
from registry_tool.server.middleware import ACCESS_LOG
from registry_tool.server.options import ServeOptions
from registry_tool.server.protocol import HeadTimeoutProtocol
from registry_tool.server.static_output import StaticOutput

_VARIABLE: Final = "REGISTRY_TOOL_SERVE"
_BACKLOG: Final = 512
WORKER_PATIENCE: Final = 120
"""Seconds after which a worker that tells no sign of life is replaced, and its runs are lost.

One that loads a model may be silent for a while on a busy machine.
"""


def app_from_environment() -> Starlette:
    """The application of a worker, by what its parent wrote into the environment."""
    use_one_arena()
    return _app(ServeOptions(**json.loads(os.environ[_VARIABLE])))


def _app(options: ServeOptions) -> Starlette:
    registry = LiveRegistry(Path(options.root), options.branch, options.remote)
    site = Path(options.site) if options.site else None
    running = LiveRunSettings(options.most_runs, options.environment, options.provider)
    shared = Context(
        registry,
        StaticOutput(site),
        options.public_url,
        running=running,
        workers=options.workers,
        trusted_proxies=tuple(map(network, options.trusted_proxies)),
        spare_judge=SpareJudge(),
    )
    return create_app(shared)


def serve(options: ServeOptions, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `on_ready` gets the address. `RegistryError`: there is no registry, or no port."""
    registry = LiveRegistry(Path(options.root), options.branch, options.remote)
    if options.environment:  # refused here, not in a worker
        demand_environment(options.environment, registry.snapshot().settings.environments)
    for proxy in options.trusted_proxies:
        network(proxy)
    socket = _bound(options)
    host = f"[{options.host}]" if ":" in options.host else options.host
    on_ready(f"http://{host}:{socket.getsockname()[1]}/")
    keeper = ChildSupervisor(options) if options.site else None
    os.environ[_VARIABLE] = json.dumps(asdict(options))
    config = _config(options)
    try:
        if options.workers == 1:
            uvicorn.Server(config).run(sockets=[socket])
        else:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, [socket]).run()
    finally:
        socket.close()
        if keeper:
            keeper.end()


def _config(options: ServeOptions) -> uvicorn.Config:
    return uvicorn.Config(
        f"{__name__}:{app_from_environment.__name__}",
        factory=True,
        http=HeadTimeoutProtocol,
        ws="none",
        workers=options.workers,
        log_config=log_config(),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=options.most_connections,
        backlog=_BACKLOG,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=20,
        timeout_worker_healthcheck=WORKER_PATIENCE,
    )


def _bound(options: ServeOptions) -> Any:
    import socket

    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # With the protocol named, asyncio sends what is written at once: else a body waits 40 ms for its head's ACK.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((options.host, options.port))
        found.listen(_BACKLOG)  # who comes early waits for the workers
    except OSError as error:
        found.close()
        raise RegistryError(
            f"{options.host}:{options.port} can't be used: {error.strerror}",
            hint="name another with --host or --port",
        ) from None
    found.set_inheritable(True)
    return found


def log_config() -> dict[str, Any]:  # logging's own type
    """Logs on standard error, one JSON object a line."""
    own = {"handlers": ["lines"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "raw": {"format": "%(message)s"},
            "json": {"()": f"{__name__}.JsonFormatter"},
        },
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "json"},
            "access": {"class": "logging.StreamHandler", "formatter": "raw"},
        },
        "loggers": {
            "uvicorn": own,
            "registry_tool": own,
            ACCESS_LOG: {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }


class JsonFormatter(logging.Formatter):
    """A record as the fields of docs/events.md."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a traceback is a field of it."""
        value: dict[str, object] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "event": "server",
            "message": record.getMessage(),
        }
        if record.exc_info:
            value["traceback"] = self.formatException(record.exc_info)
        return json.dumps(value)
