"""Metrics to a Prometheus Pushgateway, for jobs that end before anyone could scrape them."""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, push_to_gateway

from registry_tool.core.errors import RegistryError, UsageError

JOB = "workflow"
DRIFT_JOB = "workflow-drift"
_TIMEOUT = 10.0


def push(url: str, registry: CollectorRegistry, instance: str, job: str = JOB) -> None:
    """Put a registry's series in the place of those that this job and instance pushed before.

    What is pushed are totals, so the group is replaced, not added to. `instance` names an environment: it is a
    label that Prometheus gives every series anyway, so the series keep the labels that they have when scraped.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError(
            f"{url!r} is not an address of a Pushgateway", hint="write it as http://host:9091"
        )
    try:
        push_to_gateway(url, job, registry, {"instance": instance}, timeout=_TIMEOUT)
    except (OSError, HTTPException) as error:
        why = error.reason if isinstance(error, URLError) else error
        said = why.strerror if isinstance(why, OSError) and why.strerror else why
        raise RegistryError(
            f"the Pushgateway took no metrics: {said}", location=url, hint="look whether it runs"
        ) from None
