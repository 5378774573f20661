"""Tokens of messengers, payment, mail, monitoring and other services."""

from __future__ import annotations

from typing import Final

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_kinds.kind import (
    NOT_LONGER,
    UUID,
    CredentialKind,
    prefixed,
    word,
)

SERVICES: Final = (
    prefixed(
        "Slack token",
        "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xoxb- xoxe.xoxp-",
        r"[\w-]{10,}+",
        checks.digits,
    ),
    prefixed("Slack app token", "xapp-", r"\d-[A-Z0-9]{6,}+-\d{6,}+-[a-z0-9]{20,}+"),
    prefixed(
        "Slack webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9+/]{40,}+"
    ),
    CredentialKind(
        "Discord token",
        (".",),
        r"[MNO](?<![\w-].)[A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])",
        checks.mixed,
    ),
    CredentialKind(
        "Discord webhook",
        ("/api/webhooks/",),
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,}+",
        starts=("discord.com/api/webhooks/", "discordapp.com/api/webhooks/"),
    ),
    CredentialKind("Telegram token", (":AA",), r"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])"),
    CredentialKind(
        "Teams webhook",
        ("/webhookb2/", "/IncomingWebhook/"),
        rf"/(?:webhookb2|IncomingWebhook)/{UUID}@{UUID}/[\w/-]{{32,}}+",
        starts=("/webhookb2/", "/IncomingWebhook/"),
    ),
    word("Stripe Access Key", "sk_live_ sk_test_ rk_live_ rk_test_", "[A-Za-z0-9]{10,}+"),
    word("Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/]{32,}+=?"),
    prefixed("Square token", "sq0atp- sq0csp- sq0idp-", r"[A-Za-z0-9_-]{22,}+"),
    word("Square token", "EAAA", r"[A-Za-z0-9_-]{60}"),
    prefixed("Shopify token", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}"),
    prefixed(
        "Braintree token",
        "access_token$production$ access_token$sandbox$",
        r"[0-9a-z]{16}\$[0-9a-f]{32}",
    ),
    prefixed("Plaid token", "access-production- access-development- access-sandbox-", UUID),
    prefixed("Flutterwave key", "FLWSECK- FLWSECK_TEST-", r"[0-9a-fA-F]{12,}+(?:-X)?"),
    prefixed("Razorpay key", "rzp_live_", "[A-Za-z0-9]{14}"),
    prefixed("EasyPost key", "EZAK EZTK", "[A-Za-z0-9]{54}"),
    prefixed("Shippo key", "shippo_live_ shippo_test_", "[0-9a-f]{40}"),
    word("Twilio key", "SK AC", "[0-9a-f]{32}", checks.dense),
    prefixed("SendGrid key", "SG.", r"[\w-]{20,24}\.[\w-]{39,50}"),
    word("Mailgun key", "key-", "[0-9a-f]{32}"),
    CredentialKind(
        "Mailchimp key",
        ("-us",),
        r"(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}(?!\d)",
        starts=("-us",),
        lead=32,
    ),
    prefixed("Brevo key", "xkeysib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    word("Resend key", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
    prefixed("MailerSend key", "mlsn.", "[0-9a-f]{64}"),
    prefixed(
        "Doppler token",
        "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.",
        r"(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}",
    ),
    prefixed("Vault token", "hvs. hvb. hvr.", r"[\w-]{24,}+"),
    prefixed("Grafana token", "glsa_", "[A-Za-z0-9]{32}_[0-9a-fA-F]{8}"),
    prefixed("Grafana Cloud token", "glc_", r"[A-Za-z0-9+/]{32,}+={0,3}"),
    prefixed("New Relic key", "NRAK- NRJS- NRII- NRRA-", r"[A-Za-z0-9-]{19,}+", checks.digits),
    prefixed("Sentry token", "sntryu_", "[0-9a-f]{64}"),
    prefixed("Sentry token", "sntrys_", r"[A-Za-z0-9+/=_-]{60,}+"),
    word("PostHog key", "phx_", "[A-Za-z0-9]{40,}+"),
    prefixed("Dynatrace token", "dt0c01. dt0s01. dt0s16.", "[A-Z2-7]{24}\\.[A-Z2-7]{64}"),
    prefixed("Honeycomb key", "hcaik_ hcamk_ hcxik_", "[a-z0-9_]{40,}+"),
    prefixed("Elastic key", "essu_", r"[A-Za-z0-9+/_=-]{40,}+"),
    CredentialKind(
        "Mapbox token", ("sk.eyJ",), r"sk\.eyJ[\w-]{20,}+\.[\w-]{20,}+", starts=("sk.eyJ",)
    ),
    prefixed("Linear key", "lin_api_ lin_oauth_", "[A-Za-z0-9]{40,}+"),
    word("Notion token", "ntn_ secret_", "[A-Za-z0-9]{43,48}", checks.mixed),
    word("Airtable token", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    prefixed("Figma token", "figd_", r"[\w-]{38,}+"),
    prefixed("1Password token", "ops_eyJ", r"[\w+/=-]{100,}+"),
    word("Dropbox token", "sl.", r"[A-Za-z0-9_-]{120,}+"),
    word("Facebook token", "EAAM EAAC EAAB EAAG EAAJ", r"[A-Za-z0-9]{90,}+"),
    CredentialKind(  # without `starts`: a run of A has one everywhere
        "Twitter token",
        ("A" * 21,),
        rf"A(?<![A-Za-z0-9+]A)A{{20}}[A-Za-z0-9%]{{60,}}+{NOT_LONGER}",
        checks.mixed,
    ),
    prefixed("Typeform token", "tfp_", r"[\w.=-]{55,}+"),
    prefixed("HubSpot token", "pat-na1- pat-na2- pat-eu1-", UUID),
    prefixed("Contentful token", "CFPAT-", r"[\w-]{43}"),
    prefixed("ReadMe key", "rdme_", "[a-z0-9]{70}"),
    word("Adafruit key", "aio_", "[A-Za-z0-9]{28}"),
    prefixed(
        "Tailscale key",
        "tskey-auth- tskey-api- tskey-client- tskey-webhook-",
        r"[A-Za-z0-9]{8,}+-[A-Za-z0-9]{20,}+",
    ),
    prefixed("age key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    CredentialKind(
        "Asana token",
        ("/",),
        r"(?<!\d)[0-9]/[0-9]{16}(?:/[0-9]{16})?:[0-9a-f]{32}(?![0-9a-f])",
        starts=tuple(f"{digit}/" for digit in range(10)),
    ),
)
