"""What models cost, from genai-prices' tables (extra `prices`); never fetched, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from urllib.parse import urlsplit

from registry_tool.core.addresses import is_public, literal

_OPENAI = "https://api.openai.com/v1"  # who is asked where no address is given
_Rates = Callable[[int, int], Decimal]


def price(model: str, address: str, tokens_in: int, tokens_out: int) -> float | None:
    """Dollars for a call; None where no price is known or the tables are not installed.

    A model at an address is priced as that provider's; without one, as its maker's, else as OpenAI's.
    """
    rates = _rates(model, address)
    return None if rates is None else float(rates(tokens_in, tokens_out))


@lru_cache(maxsize=256)
def _rates(model: str, address: str) -> _Rates | None:
    if not model or _is_own(address) or find_spec("genai_prices") is None:
        return None
    from genai_prices import Usage, calc_price

    def cost(tokens_in: int, tokens_out: int) -> Decimal:
        usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
        found = calc_price(usage, model_ref=model, provider_api_url=address or None)
        return found.total_price

    try:
        cost(1, 1)
    except (LookupError, ValueError):
        return None if address else _rates(model, _OPENAI)
    return cost


def _is_own(address: str) -> bool:
    """Whether a server runs on this machine or network: nobody's price list has it, so none is loaded."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return True
    known = literal(host)
    return host == "localhost" or (known is not None and not is_public(known))
