"""How much of two corpora the recognisers of secrets and of personal data find, and what a mebibyte costs them.

The cost is also told as a ratio to a peer's in the same run: that is what another machine can be compared by.

The corpora are those of tests/security: texts that hold something, and harmless ones. For secrets, detect-secrets'
detectors without its guesses are the peer. `--smallest` takes a tenth of a mebibyte.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from timing import best, sized

sys.path.insert(0, str(Path(__file__).parents[1]))

from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.recognise import find_personal_data
from registry_tool.security.secrets import secrets_in
from tests.security.recogniser_corpora import labelled, lines

BYTES = sized(2**20, 2**20 // 10)
PEER = (
    *("aws.AWSKeyDetector", "azure_storage_key.AzureStorageKeyDetector", "npm.NpmDetector"),
    *(
        "discord.DiscordBotTokenDetector",
        "github_token.GitHubTokenDetector",
        "jwt.JwtTokenDetector",
    ),
    *("gitlab_token.GitLabTokenDetector", "mailchimp.MailchimpDetector", "slack.SlackDetector"),
    *("private_key.PrivateKeyDetector", "pypi_token.PypiTokenDetector", "stripe.StripeDetector"),
    *("sendgrid.SendGridDetector", "square_oauth.SquareOAuthDetector", "twilio.TwilioKeyDetector"),
    *("telegram_token.TelegramBotTokenDetector", "basic_auth.BasicAuthDetector"),
)
PEERS = {"secrets": "detect-secrets", "personal data": "one expression of numbers and addresses"}
_PLAIN = re.compile(r"\+?(?:\d[ ()._/-]{0,3}){8,19}|[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}\w{2,24}")


def refuses(text: str) -> bool:
    """Whether a version that holds the text would be refused."""
    return any(not secret.doubtful for secret in secrets_in(text.encode()))


def catches(text: str) -> bool:
    """Whether it would be refused or held."""
    return any(True for _ in secrets_in(text.encode()))


def personal(text: str) -> bool:
    """Whether something personal is recognised that is not a documented example."""
    return any(
        not is_documented_example(item.kind, text[item.start : item.end])
        for item in find_personal_data(text)
    )


def peer() -> Callable[[str], bool]:
    """detect-secrets' detectors of credentials with a form of their own."""
    detectors: list[Any] = []
    for name in PEER:
        module, cls = name.split(".")
        detectors.append(getattr(import_module(f"detect_secrets.plugins.{module}"), cls)())
    return lambda text: any(any(True for _ in one.analyze_string(text)) for one in detectors)


def plain(text: str) -> bool:
    """One expression of number and address, as anybody would write it: it finds both, and much that is neither."""
    return any(True for _ in _PLAIN.finditer(text))


def share(found: Callable[[str], bool], texts: list[str]) -> str:
    """`n of m (x %)`."""
    number = sum(map(found, texts))
    return f"{number} of {len(texts)} ({100 * number / len(texts):.1f} %)"


def main() -> None:
    """Print both rates of both, and what a mebibyte of the harmless texts costs."""
    kinds = [text for _, text in labelled("secrets/kinds.txt")]
    harmless, theirs = lines("secrets/harmless.txt"), peer()
    print(f"secrets: caught {share(catches, kinds)}, harmless refused {share(refuses, harmless)},")
    print(f"  harmless held {share(lambda t: catches(t) and not refuses(t), harmless)}")
    print(f"detect-secrets: caught {share(theirs, kinds)}, harmless {share(theirs, harmless)}")
    people = labelled("personal/recognised.txt")
    kept = [text for kind, text in people if kind in {i.kind for i in find_personal_data(text)}]
    rate = 100 * len(kept) / len(people)
    print(f"personal data: recognised {len(kept)} of {len(people)} ({rate:.1f} %), ", end="")
    print(f"harmless {share(personal, lines('personal/harmless.txt'))}")
    for name, path, find, other in (
        ("secrets", "secrets/harmless.txt", lambda t: list(secrets_in(t.encode())), theirs),
        ("personal data", "personal/harmless.txt", lambda t: list(find_personal_data(t)), plain),
    ):
        text = "\n".join(lines(path))
        text *= BYTES // len(text) + 1
        taken = best(lambda text=text, find=find: find(text), 3)
        peers = best(lambda text=text, other=other: [other(x) for x in text.split("\n")], 1)
        print(f"{name}: {taken * 1000 * 2**20 / len(text):.0f} ms a MiB of harmless texts,", end="")
        print(f" a ratio of {taken / peers:.2f} to {PEERS[name]}")


if __name__ == "__main__":
    main()
