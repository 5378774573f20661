"""What an operator calls the value of a workflow's secret: bound to its host, so that no other one gets it."""

from __future__ import annotations

import re


def secret_variable(name: str, host: str) -> str:
    """`<NAME>__<HOST>`, every other character than letters and digits of the host as `_`."""
    return f"{name}__{re.sub(r'[^A-Za-z0-9]', '_', host).upper()}"
