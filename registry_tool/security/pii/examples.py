"""Numbers and addresses that standards, payment providers and telephone authorities reserve for examples."""

from __future__ import annotations

import re
from typing import Final

from registry_tool.security.pii.text import plain_text

_EXAMPLE_DOMAIN = re.compile(  # RFC 2606 and 6761; addresses that nobody reads
    r"(?:.+\.)?(?:example(?:\.com|\.org|\.net)?|test|invalid|localhost)|(?:.+\.)?noreply\..+"
)
_NOBODY = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply", "git"})  # git@host:repo
# 555-01xx is fiction in North America, 7700 900xxx and 20 7946 0xxx in Britain (Ofcom); China Mobile's hotline
# stands in most Chinese manuals.
_EXAMPLE_PHONE = re.compile(
    r"1?\d{3}55501\d\d|440?7700900\d{3}|440?2079460\d{3}|(?:86)?13800138000"
)


def _table(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Test cards of Stripe, PayPal and Adyen.
_EXAMPLE_CARDS = _table(
    "4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 "
    "4000000000000002 4000000000009995 5555555555554444 5105105105105100 5200828282828210 "
    "2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 "
    "6011000990139424 30569309025904 38520000023237 36227206271667 3530111333300000 "
    "3566002020360505 6200000000000005"
)
# ISO 13616, the IBAN registry of SWIFT, ECBS.
_EXAMPLE_IBANS = _table(
    "GB82WEST12345698765432 GB29NWBK60161331926819 GB33BUKB20201555555555 DE89370400440532013000 "
    "FR1420041010050500013M02606 BE68539007547034 NL91ABNA0417164300 ES9121000418450200051332 "
    "IT60X0542811101000000123456 CH9300762011623852957 AT611904300234573201 NO9386011117947 "
    "SE4550000000058398257466 DK5000400440116243 FI2112345600000785 PL61109010140000071219812874 "
    "PT50000201231234567890154 IE29AIBK93115212345678 LU280019400644750000 "
    "GR1601101250000000012300695"
)
_EXAMPLES: Final[dict[str, frozenset[str]]] = {
    "card": _EXAMPLE_CARDS,
    "iban": _EXAMPLE_IBANS,
    "cn-resident-id": frozenset({"11010519491231002X"}),  # GB 11643-1999
}


def is_documented_example(kind: str, text: str) -> bool:
    """True for what standards, payment providers and telephone authorities reserve for examples."""
    if kind == "email":
        local, _, domain = plain_text(text).text.lower().replace("%40", "@").rpartition("@")
        return local in _NOBODY or bool(_EXAMPLE_DOMAIN.fullmatch(domain))
    compact = re.sub(r"[ ()+._/-]", "", plain_text(text).text).upper()
    if kind == "phone":
        return bool(_EXAMPLE_PHONE.fullmatch(compact.removeprefix("00")))
    return compact in _EXAMPLES.get(kind, ())
