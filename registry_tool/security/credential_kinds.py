"""What credentials look like: one line a kind, with its prefix, alphabet and length.

Facts are the issuers' own documentation and what the rule sets of gitleaks and detect-secrets agree on. Every
pattern is linear: a run of characters is taken possessively, a gap is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from registry_tool.security import credential_checks as checks

Check = Callable[[str, int, int, str], bool]
"""(text, start, end, value): whether what a pattern found there is one."""


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """One kind. The pattern's first group, or all of it, is the value.

    `marks` are literals of which each match holds one. `starts` are literals of which one stands where a match
    begins, or `lead` characters behind; without any, the pattern is looked for wherever the text has a mark.
    `guess` tells that other things look like this, too. `folded`: letters' case does not matter, `marks` and
    `starts` are small then.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    check: Check | None = None
    guess: bool = False
    folded: bool = False
    starts: tuple[str, ...] = ()
    lead: int = 0


_START = r"(?<![A-Za-z0-9+])"
_NOT_LONGER = r"(?![A-Za-z0-9])"


def _prefixed(name: str, prefixes: str, rest: str, check: Check | None = None) -> CredentialKind:
    """A distinctive prefix, wherever it stands: what is glued before it doesn't hide it."""
    marks = tuple(prefixes.split())
    pattern = f"(?:{'|'.join(map(_literal, marks))}){rest}"
    return CredentialKind(name, marks, pattern, check, starts=marks)


def _word(name: str, prefixes: str, rest: str, check: Check | None = None) -> CredentialKind:
    """A prefix that other words may hold: a word begins with it and ends with the rest."""
    marks = tuple(prefixes.split())
    starts = "|".join(map(_literal, marks))
    pattern = f"{_START}(?:{starts}){rest}{_NOT_LONGER}"
    return CredentialKind(name, marks, pattern, check, starts=marks)


def _literal(text: str) -> str:
    return text.replace(".", r"\.").replace("$", r"\$").replace("+", r"\+")


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

MODELS: Final = (
    _prefixed("OpenAI key", "sk-proj- sk-svcacct- sk-admin-", r"[A-Za-z0-9_-]{20,}+"),
    _prefixed("Anthropic key", "sk-ant-", r"[A-Za-z0-9_-]{20,}+"),
    _prefixed("OpenRouter key", "sk-or-v1-", "[0-9a-f]{64}"),
    _prefixed("Langfuse key", "sk-lf-", _UUID),
    CredentialKind(
        "OpenAI key", ("T3BlbkFJ",), r"sk-[A-Za-z0-9_-]{40,}+", checks.holds("T3BlbkFJ")
    ),
    _word("OpenAI-style key", "sk-", "[A-Za-z0-9]{32,}+"),
    _word("Groq key", "gsk_", "[A-Za-z0-9]{40,}+"),
    _word("xAI key", "xai-", "[A-Za-z0-9]{60,}+"),
    _word("Perplexity key", "pplx-", "[A-Za-z0-9]{40,}+"),
    _word("Hugging Face token", "hf_ api_org_", "[A-Za-z0-9]{30,}+"),
    _word("Replicate token", "r8_", "[A-Za-z0-9]{37}"),
    _word("Fireworks key", "fw_", "[A-Za-z0-9]{22,24}"),
    _prefixed("Together key", "tgp_v1_", r"[A-Za-z0-9_-]{40,}+"),
    _prefixed("NVIDIA key", "nvapi-", r"[A-Za-z0-9_-]{60,}+"),
    _prefixed("LangSmith key", "lsv2_pt_ lsv2_sk_", "[0-9a-f]{32}_[0-9a-f]{10}"),
    _word("Cerebras key", "csk-", "[a-z0-9]{40,}+"),
    _word("Tavily key", "tvly-", r"(?:dev-|prod-)?[A-Za-z0-9]{28,}+"),
    _prefixed("Pinecone key", "pcsk_", "[A-Za-z0-9_]{50,}+"),
    _word("ElevenLabs key", "sk_", "[0-9a-f]{48}"),
    _prefixed("Jina key", "jina_", r"[A-Za-z0-9_-]{50,}+"),
    _word("Voyage key", "pa-", r"[A-Za-z0-9_-]{43}", checks.dense),
    CredentialKind(
        "Zhipu key",
        (".",),
        rf"[0-9a-f](?<![A-Za-z0-9].)[0-9a-f]{{31}}\.[A-Za-z0-9]{{16}}{_NOT_LONGER}",
        checks.dense,
    ),
)

CLOUDS: Final = (
    _word(
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
    _prefixed("AWS Bedrock key", "ABSK", "[A-Za-z0-9+/]{109,}+"),
    _word("Google API key", "AIza", r"[A-Za-z0-9_-]{35}"),
    _prefixed("Google client secret", "GOCSPX-", r"[A-Za-z0-9_-]{28}"),
    _prefixed("Google access token", "ya29.", r"[A-Za-z0-9_-]{30,}+"),
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
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}" + _NOT_LONGER,
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
    _word("Alibaba Cloud key id", "LTAI", "[A-Za-z0-9]{12,22}", checks.dense),
    _word("Tencent Cloud key id", "AKID", "[A-Za-z0-9]{32}"),
    _word("Volcengine key id", "AKLT", "[A-Za-z0-9_-]{28,64}", checks.dense),
    _prefixed("Baidu key", "bce-v3/ALTAK-", r"[A-Za-z0-9]{21}/[0-9a-f]{40}"),
    _prefixed("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{64}"),
    _prefixed("Heroku key", "HRKU-AA", r"[A-Za-z0-9_-]{58}"),
    _prefixed("Fly.io token", "fm2_ fo1_", r"[A-Za-z0-9+/=_-]{40,}+"),
    _prefixed("Cloudflare origin key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
    _word("Netlify token", "nfp_", "[A-Za-z0-9]{36,}+"),
    _prefixed("Supabase token", "sbp_", "[0-9a-f]{40}"),
    _prefixed("Supabase secret key", "sb_secret_", r"[A-Za-z0-9_-]{28,}+"),
    _prefixed("PlanetScale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w.=-]{32,}+"),
    _prefixed("Neon key", "napi_", "[a-z0-9]{60,}+"),
    _prefixed("Databricks token", "dapi", "[0-9a-f]{32}(?:-[0-9])?"),
    CredentialKind(
        "OpenShift token",
        ("sha256~",),
        r"(?<!\w)sha256~[A-Za-z0-9_-]{43}(?![\w-])",
        checks.dense,
        starts=("sha256~",),
    ),
)

CODE: Final = (
    _prefixed("GitHub Token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9]{36,}+"),
    _prefixed("GitHub token", "github_pat_", "[A-Za-z0-9_]{22,}+"),
    _prefixed(
        "GitLab token",
        "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- gloas- GR1348941",
        r"[A-Za-z0-9_-]{20,}+(?:\.[a-z0-9]{2}\.[a-z0-9]{9})?",
    ),
    _word("Bitbucket password", "ATBB", "[A-Za-z0-9]{32}"),
    _prefixed("Atlassian token", "ATATT3 ATCTT3", r"[A-Za-z0-9_=-]{150,}+"),
    _word("npm token", "npm_", "[A-Za-z0-9]{36}"),
    CredentialKind(
        "npm token",
        ("_authToken",),
        r"_authToken\s?=\s?[\"']?([A-Za-z0-9+/=_-]{20,}+)",
        checks.dense,
        starts=("_authToken",),
    ),
    _prefixed("PyPI token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", r"[\w-]{50,}+"),
    _prefixed("RubyGems key", "rubygems_", "[0-9a-f]{48}"),
    _word("crates.io token", "cio", "[A-Za-z0-9]{32}", checks.mixed),
    _word("NuGet key", "oy2", "[a-z0-9]{43}", checks.dense),
    _prefixed("Docker token", "dckr_pat_ dckr_oat_", r"[A-Za-z0-9_-]{27,}+"),
    _prefixed("Clojars token", "CLOJARS_", "[a-z0-9]{60}"),
    _word("Artifactory key", "AKCp", "[A-Za-z0-9]{69}"),
    _word("Artifactory token", "cmVmd", "[A-Za-z0-9]{59}"),
    _prefixed("SonarQube token", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
    _prefixed("CircleCI token", "CCIPAT_", r"[A-Za-z0-9]{16,}+_[0-9a-f]{40}"),
    _prefixed("Buildkite token", "bkua_", "[0-9a-f]{40}"),
    _prefixed("Sourcegraph token", "sgp_", r"(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    _prefixed("Postman key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
    _prefixed("Pulumi token", "pul-", "[0-9a-f]{40}"),
    CredentialKind(
        "Terraform token",
        (".atlasv1.",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}+",
        starts=(".atlasv1.",),
        lead=14,
    ),
    _prefixed("Prefect key", "pnu_", "[a-z0-9]{36}"),
)

SERVICES: Final = (
    _prefixed(
        "Slack token",
        "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xoxb- xoxe.xoxp-",
        r"[\w-]{10,}+",
        checks.digits,
    ),
    _prefixed("Slack app token", "xapp-", r"\d-[A-Z0-9]{6,}+-\d{6,}+-[a-z0-9]{20,}+"),
    _prefixed(
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
        rf"/(?:webhookb2|IncomingWebhook)/{_UUID}@{_UUID}/[\w/-]{{32,}}+",
        starts=("/webhookb2/", "/IncomingWebhook/"),
    ),
    _word("Stripe Access Key", "sk_live_ sk_test_ rk_live_ rk_test_", "[A-Za-z0-9]{10,}+"),
    _word("Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/]{32,}+=?"),
    _prefixed("Square token", "sq0atp- sq0csp- sq0idp-", r"[A-Za-z0-9_-]{22,}+"),
    _word("Square token", "EAAA", r"[A-Za-z0-9_-]{60}"),
    _prefixed("Shopify token", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}"),
    _prefixed(
        "Braintree token",
        "access_token$production$ access_token$sandbox$",
        r"[0-9a-z]{16}\$[0-9a-f]{32}",
    ),
    _prefixed("Plaid token", "access-production- access-development- access-sandbox-", _UUID),
    _prefixed("Flutterwave key", "FLWSECK- FLWSECK_TEST-", r"[0-9a-fA-F]{12,}+(?:-X)?"),
    _prefixed("Razorpay key", "rzp_live_", "[A-Za-z0-9]{14}"),
    _prefixed("EasyPost key", "EZAK EZTK", "[A-Za-z0-9]{54}"),
    _prefixed("Shippo key", "shippo_live_ shippo_test_", "[0-9a-f]{40}"),
    _word("Twilio key", "SK AC", "[0-9a-f]{32}", checks.dense),
    _prefixed("SendGrid key", "SG.", r"[\w-]{20,24}\.[\w-]{39,50}"),
    _word("Mailgun key", "key-", "[0-9a-f]{32}"),
    CredentialKind(
        "Mailchimp key",
        ("-us",),
        r"(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}(?!\d)",
        starts=("-us",),
        lead=32,
    ),
    _prefixed("Brevo key", "xkeysib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    _word("Resend key", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
    _prefixed("MailerSend key", "mlsn.", "[0-9a-f]{64}"),
    _prefixed(
        "Doppler token",
        "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.",
        r"(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}",
    ),
    _prefixed("Vault token", "hvs. hvb. hvr.", r"[\w-]{24,}+"),
    _prefixed("Grafana token", "glsa_", "[A-Za-z0-9]{32}_[0-9a-fA-F]{8}"),
    _prefixed("Grafana Cloud token", "glc_", r"[A-Za-z0-9+/]{32,}+={0,3}"),
    _prefixed("New Relic key", "NRAK- NRJS- NRII- NRRA-", r"[A-Za-z0-9-]{19,}+", checks.digits),
    _prefixed("Sentry token", "sntryu_", "[0-9a-f]{64}"),
    _prefixed("Sentry token", "sntrys_", r"[A-Za-z0-9+/=_-]{60,}+"),
    _word("PostHog key", "phx_", "[A-Za-z0-9]{40,}+"),
    _prefixed("Dynatrace token", "dt0c01. dt0s01. dt0s16.", "[A-Z2-7]{24}\\.[A-Z2-7]{64}"),
    _prefixed("Honeycomb key", "hcaik_ hcamk_ hcxik_", "[a-z0-9_]{40,}+"),
    _prefixed("Elastic key", "essu_", r"[A-Za-z0-9+/_=-]{40,}+"),
    CredentialKind(
        "Mapbox token", ("sk.eyJ",), r"sk\.eyJ[\w-]{20,}+\.[\w-]{20,}+", starts=("sk.eyJ",)
    ),
    _prefixed("Linear key", "lin_api_ lin_oauth_", "[A-Za-z0-9]{40,}+"),
    _word("Notion token", "ntn_ secret_", "[A-Za-z0-9]{43,48}", checks.mixed),
    _word("Airtable token", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    _prefixed("Figma token", "figd_", r"[\w-]{38,}+"),
    _prefixed("1Password token", "ops_eyJ", r"[\w+/=-]{100,}+"),
    _word("Dropbox token", "sl.", r"[A-Za-z0-9_-]{120,}+"),
    _word("Facebook token", "EAAM EAAC EAAB EAAG EAAJ", r"[A-Za-z0-9]{90,}+"),
    CredentialKind(  # without `starts`: a run of A has one everywhere
        "Twitter token",
        ("A" * 21,),
        rf"A(?<![A-Za-z0-9+]A)A{{20}}[A-Za-z0-9%]{{60,}}+{_NOT_LONGER}",
        checks.mixed,
    ),
    _prefixed("Typeform token", "tfp_", r"[\w.=-]{55,}+"),
    _prefixed("HubSpot token", "pat-na1- pat-na2- pat-eu1-", _UUID),
    _prefixed("Contentful token", "CFPAT-", r"[\w-]{43}"),
    _prefixed("ReadMe key", "rdme_", "[a-z0-9]{70}"),
    _word("Adafruit key", "aio_", "[A-Za-z0-9]{28}"),
    _prefixed(
        "Tailscale key",
        "tskey-auth- tskey-api- tskey-client- tskey-webhook-",
        r"[A-Za-z0-9]{8,}+-[A-Za-z0-9]{20,}+",
    ),
    _prefixed("age key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    CredentialKind(
        "Asana token",
        ("/",),
        r"(?<!\d)[0-9]/[0-9]{16}(?:/[0-9]{16})?:[0-9a-f]{32}(?![0-9a-f])",
        starts=tuple(f"{digit}/" for digit in range(10)),
    ),
)

_NAMED_AS = r"[\w .-]{0,16}[\"'\]]{0,2}\s{0,4}(?:=>|:=|==?|:|,)\s{0,4}[\"'`]?"
_VENDORS = (
    "algolia|anthropic|assemblyai|auth0|azure|bitbucket|cloudflare|codecov|cohere|coinbase|confluent|datadog|deepgram|"
    "deepseek|discord|elastic|facebook|fastly|gemini|github|gitlab|heroku|hubspot|intercom|jfrog|launchdarkly|"
    "linkedin|mailgun|mistral|mongodb|netlify|newrelic|ocp-apim|okta|openai|opsgenie|pagerduty|postmark|pusher|"
    "segment|sendgrid|sentry|snowflake|snyk|spotify|squarespace|stability|sumologic|telegram|travis|twilio|twitter|"
    "vercel|wandb|webex|zendesk|zoom"
)
_KEY_OF_IT = (
    rf"[\w .-]{{0,24}}?(?:key|token|secret|auth|pwd|password){_NAMED_AS}"
    rf"({_UUID}|[A-Za-z0-9+/_=.~-]{{24,512}}+)"
)
_KEYS_OF = (
    "api|access|auth|client|private|encryption|signing|master|admin|account|subscription|service|session|"
    "bearer|webhook"
)
_NAMES = "token|secret|passw(?:or)?d|pwd|credential"

STRUCTURED: Final = (
    CredentialKind(
        "JSON web token", ("eyJ",), r"(?<![\w-])(?=([\w-]{17,}+\.[\w-]{8,}+\.[\w-]*+))", checks.jwt
    ),
    CredentialKind(
        "Private Key",
        ("PRIVATE KEY",),
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        checks.private_key,
    ),
    CredentialKind(
        "Private Key", ("SSH2 ENCRYPTED PRIV",), r"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"
    ),
    CredentialKind(
        "PuTTY private key",
        ("PuTTY-User-Key-File-",),
        r"PuTTY-User-Key-File-[23]: [\w-]+",
        starts=("PuTTY-User-Key-File-",),
    ),
    CredentialKind(
        "private JSON web key",
        ('"d"',),
        r"\"d\"\s{0,3}:\s{0,3}\"([A-Za-z0-9_-]{40,}+)\"",
        checks.dense,
        starts=('"d"',),
    ),
    CredentialKind(
        "password in an address",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,64}:([^\s/@\"'<>`]{1,128}+)@(?!sha256:)",
        checks.password,
        starts=("://",),
    ),
    CredentialKind(
        "password in a connection string",
        ("password", "pwd"),
        r"(?<![a-z])(?:password|pwd)\s?=\s?[\"']?([^;&\"'\s<>]{4,128}+)",
        checks.connection,
        folded=True,
        starts=("password", "pwd"),
    ),
    CredentialKind(
        "service's key by its name",
        ("key", "token", "secret", "auth", "pwd", "password"),
        rf"(?<![a-z])(?:{_VENDORS}){_KEY_OF_IT}",
        checks.random_value,
        folded=True,
        starts=tuple(_VENDORS.split("|")),
    ),
    CredentialKind(  # Datadog; without `starts`: a run of d has one everywhere
        "service's key by its name",
        ("key", "token", "secret", "auth", "pwd", "password"),
        rf"(?-i:[Dd])(?<![a-z].)d{_KEY_OF_IT}",
        checks.random_value,
        folded=True,
    ),
    CredentialKind(
        "Elastic key",
        ("apikey",),
        r"apikey\s{1,4}([A-Za-z0-9+/]{40,}+={0,2})",
        checks.encoded_pair,
        folded=True,
        starts=("apikey",),
    ),
    CredentialKind(
        "basic credentials",
        ("basic",),
        r"(?<![a-z])basic\s{1,4}([A-Za-z0-9+/]{12,}+={0,2})",
        checks.encoded_pair,
        guess=True,
        folded=True,
        starts=("basic",),
    ),
    CredentialKind(
        "bearer token",
        ("bearer",),
        r"(?<![a-z])bearer\s{1,4}([A-Za-z0-9+/_=.~-]{20,512}+)",
        checks.random_value,
        guess=True,
        folded=True,
        starts=("bearer",),
    ),
    CredentialKind(
        "value of a secret's name",
        ("key", "token", "secret", "passw", "pwd", "credential"),
        rf"(?:(?:{_KEYS_OF})[_ .-]?key|{_NAMES}){_NAMED_AS}([A-Za-z0-9+/_=.~!@#$%^&*-]{{16,512}}+)",
        checks.random_value,
        guess=True,
        folded=True,
        starts=(
            *(f"{whose}{gap}key" for whose in _KEYS_OF.split("|") for gap in ("", *"_ .-")),
            *("token", "secret", "password", "passwd", "pwd", "credential"),
        ),
    ),
)

ALL_KINDS: Final = (*MODELS, *CLOUDS, *CODE, *SERVICES, *STRUCTURED)
"""Guesses last: a kind of its own goes before them."""
