"""Likely secrets, mail addresses and phone numbers in a text, for its writer to see. Pure, and linear."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

KINDS = {
    "private-key": _("This looks like a private key. Take it out, and replace the key."),
    "token": _("This looks like an access token. Take it out, and revoke it."),
    "password": _("This looks like a password. Take it out, and change it."),
    "connection": _("This address holds a password. Take it out, and change it."),
    "random": _("This long random text may be a secret. Take it out if it is one."),
    "mail": _("This is a mail address. Name a role or a team instead."),
    "phone": _("This looks like a phone number. Take it out unless everybody may call it."),
}
# More than this is a dump, and nobody reads on.
MOST = 200

PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
KEY_END = re.compile(r"-----END [A-Z0-9 ]{1,60}-----")
TOKEN = re.compile(
    r"""(?<![A-Za-z0-9_/+-])(?:
      (?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}
    | gh[pousr]_[A-Za-z0-9]{30,255} | github_pat_[A-Za-z0-9_]{22,255}
    | glpat-[A-Za-z0-9_-]{20,64}
    | xox[abeoprs]-[A-Za-z0-9-]{10,250} | xapp-[A-Za-z0-9-]{10,250}
    | hsf?_[A-Za-z0-9_-]{43}
    | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,250}
    | [rs]k_(?:live|test)_[A-Za-z0-9]{16,250} | sk-[A-Za-z0-9_-]{32,250}
    | npm_[A-Za-z0-9]{36} | pypi-[A-Za-z0-9_-]{32,250} | dop_v1_[a-f0-9]{64}
    | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64} | hvs\.[A-Za-z0-9_-]{20,250}
    | eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,2000}
    )(?![A-Za-z0-9_])
    | https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,200}
    """,
    re.VERBOSE,
)
BEARER = re.compile(
    r"\b(?:bearer|basic)[ \t]{1,3}(?P<value>[A-Za-z0-9._~+/=-]{16,4000})", re.IGNORECASE
)
PASSWORD = re.compile(
    r"(?:(?:pass(?:word|wd|phrase)|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|api[_-]?key|"
    r"access[_-]?key|account[_-]?key|auth[_-]?token|access[_-]?token|private[_-]?token|"
    r"client[_-]?secret|shared[_-]?access[_-]?key|\btoken)[\"'`]?[ \t]{0,3}(?P<sign>[:=]|：|=>)|"
    r"(?:密码|密碼|口令|密钥|密鑰)[ \t]{0,3}(?P<chinese>[:=：是为為]))[ \t]{0,3}[\"'`]?"
    r"(?P<value>[^\s\"'`,;，。；&<>]{4,500})",
    re.IGNORECASE,
)
CONNECTION = re.compile(
    r"(?<![a-zA-Z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@\"'<>]{0,100}:(?P<value>[^\s/@\"'<>]{3,200})@"
)
RANDOM = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
MAIL = re.compile(
    r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
PHONE = re.compile(
    r"""(?<![\w.+/:=#-])(?:
      \+[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{2,4}\)?){2,5}
    | \(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}
    | 1[3-9][0-9](?:[0-9]{8}|([ -])[0-9]{4}\1[0-9]{4})
    )(?![\w/:=-]|\.[0-9])""",
    re.VERBOSE,
)
# What stands where a secret would, but is none.
PLACEHOLDER = re.compile(
    r"[*•x.X_#-]{3,}.*|<.*|\[.*|\{.*|\(.*|\$.*|%.*|(?:redacted|removed|hidden|masked|none|null|nil|true|"
    r"false|undefined|empty|unset|missing|invalid|expired|required|changeme|example|your[_-].*|"
    r"my[_-].*|password|secret|token|string|os\.environ.*|process\.env.*|env[.(\[].*|vault[:/.].*|"
    r"secret(?:s|manager)?[:/.].*|file:.*|/.*)[).;]*",
    re.IGNORECASE,
)
DIGEST_BEFORE = re.compile(
    r"(?:sha[0-9]{1,3}|md5|digest|integrity|etag|fingerprint)[:=\" -]{0,3}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something better left out: one of KINDS, where it stands, and a sentence that does not repeat it."""

    kind: str
    start: int
    end: int
    sentence: str


def pointed_out(text: str) -> tuple[Finding, ...]:
    """What looks like a secret, a mail address or a phone number, in the order of the text."""
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(text))
    for kind, start, end in _candidates(text):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, kind))
            if len(found) >= MOST:
                break
    return tuple(Finding(kind, start, end, str(KINDS[kind])) for start, end, kind in sorted(found))


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    """The surest first: a part of it is not pointed out again."""
    yield from _private_keys(text)
    yield from (("token", *match.span()) for match in TOKEN.finditer(text))
    yield from _with_values(text)
    for match in RANDOM.finditer(text):
        if _is_random(match[0]) and not DIGEST_BEFORE.search(
            text, max(0, match.start() - 14), match.start()
        ):
            yield "random", *match.span()
    yield from _mails(text)
    for match in PHONE.finditer(text):
        if 9 <= sum(char.isdigit() for char in match[0]) <= 15:
            yield "phone", *match.span()


def _with_values(text: str) -> Iterator[tuple[str, int, int]]:
    """What a name in front gives away: connection strings, headers, passwords."""
    for match in CONNECTION.finditer(text):
        if not PLACEHOLDER.fullmatch(match["value"]):
            yield "connection", match.start(), match.end()
    for match in BEARER.finditer(text):
        if _is_mixed(match["value"]):
            yield "token", *match.span("value")
    for match in PASSWORD.finditer(text):
        if _is_password(match):
            yield "password", *match.span("value")


def _private_keys(text: str) -> Iterator[tuple[str, int, int]]:
    # One search for the ends, so that a thousand beginnings without an end stay linear.
    ends = [match.end() for match in KEY_END.finditer(text)]
    position = index = 0
    for match in PRIVATE_KEY.finditer(text):
        if match.start() < position:
            continue
        while index < len(ends) and ends[index] < match.end():
            index += 1
        position = ends[index] if index < len(ends) else match.end()
        yield "private-key", match.start(), position


def _is_password(match: re.Match[str]) -> bool:
    value = match["value"].rstrip(".)]}")
    if len(value) < 4 or PLACEHOLDER.fullmatch(value):
        return False
    # "token: expired" is prose; after "=" no prose follows.
    return match["sign"] in ("=", "=>") or _is_mixed(value)


def _is_mixed(value: str) -> bool:
    is_lettered = any(char.isalpha() for char in value)
    return is_lettered and any(char.isdigit() or char in "!@#$%^&*" for char in value)


def _is_random(value: str) -> bool:
    """Whether a long run of characters has the look of chance: all classes, often changing."""
    value = value.strip("=-_/")
    classes = [_class_of(char) for char in value[:1_000]]
    if len(classes) < 32 or not {"upper", "lower", "digit"} <= set(classes):
        return False
    changes = sum(one != other for one, other in itertools.pairwise(classes))
    counts = Counter(value[:1_000]).values()
    entropy = -sum(count / len(classes) * math.log2(count / len(classes)) for count in counts)
    return changes * 5 >= len(classes) * 2 and entropy >= 4.0


def _class_of(char: str) -> str:
    if char.isdigit():
        return "digit"
    return "upper" if char.isupper() else "lower" if char.islower() else "mark"


def _mails(text: str) -> Iterator[tuple[str, int, int]]:
    position = text.find("@")
    while position >= 0:
        behind = MAIL.match(text, position + 1)
        if behind:
            start = _start_of_name(text, position)
            # `git@host:path` is an address of a repository, `user@host:~$` a prompt.
            is_login = (
                text[behind.end() : behind.end() + 1] == ":"
                and text[behind.end() + 1 : behind.end() + 2].strip()
            )
            if start < position and text[start:position] != "git" and not is_login:
                yield "mail", start, behind.end()
        position = text.find("@", position + 1)


def _start_of_name(text: str, position: int) -> int:
    start = position
    while start > max(0, position - 64) and (
        (text[start - 1].isascii() and text[start - 1].isalnum()) or text[start - 1] in ".+_-"
    ):
        start -= 1
    return start
