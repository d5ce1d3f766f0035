"""People in a pasted chat: their names, and the roles that stand for them. Pure."""

import re
from collections.abc import Iterable, Iterator

# Labels before a colon that name no person, and programs that speak in chats.
_LABELS = (
    "action actions alert alerts all also answer attendees author authors background bug "
    "cause change changes comment conclusion context customer customers date decision "
    "description detected detection discovery duration edit effect end error errors "
    "escalation eta event example fact fatal fix follow-up followup from fyi hypothesis idea "
    "impact incident info investigation issue issues lesson lessons link log logs message "
    "mitigation monitoring nb next note notes observation outage outcome output owner page "
    "plan problem question re reason recovery reminder reply reported request resolution "
    "resolved response result results root severity sev slack source start started state "
    "status step steps subject summary symptom symptoms test time timeline title to todo "
    "trigger type update updates user users version warn warning warnings workaround http "
    "https file path name debug trace notice critical high low medium day today yesterday "
    "tomorrow support team"
)
LABELS = frozenset(_LABELS.split())
_PROGRAMS = (
    "alertmanager app argocd aws bot cassandra ci cloudflare cloudwatch datadog docker "
    "elastic elasticsearch envoy etcd github gitlab grafana haproxy hubot istio jenkins jira "
    "kafka kernel kibana kubelet kubernetes mysql nagios newrelic nginx opsgenie pagerduty "
    "postgres prometheus rabbitmq redis sentry server slackbot splunk statuspage system "
    "systemd terraform zabbix"
)
PROGRAMS = frozenset(_PROGRAMS.split())
# Mentions of many, and of rotas.
GROUPS = re.compile(
    r"(?:all|here|channel|everyone|group|oncall|on-call|.*(?:team|oncall|on-call|sre|ops|support|"
    r"squad|devs?|infra|admins?|security|platform|bot).*)",
    re.IGNORECASE,
)
# A mail address, in angles or not; who is named before it is meant by it too.
MAIL = re.compile(
    r"(?P<open><)?(?<![\w.+@-])(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?(open)>)"
)
# A name and its mail address, both replaced.
DOUBLED = re.compile(r"\b(responder [A-Z]{1,3}) [(]?\1\b[)]?")
# Ordinary words that are nicks too: replaced only where they are marked as a person.
_ORDINARY = (
    "a admin an and are art bill can chase dawn dev drew faith frank grace hope i is it jack "
    "june main mark master may mike no ok on or pat ray rob root rose sky so sue test the to "
    "user web will yes"
)
ORDINARY = frozenset(_ORDINARY.split())
_MENTION = r"(?<![\w@])@[\w.’'-]{1,60}|<@[UW]\w{4,20}(?:\|[^<>\n]{1,60})?>"
MENTION = re.compile(_MENTION)
TOKEN = re.compile(rf"{_MENTION}|[\w’'-]+")
CJK_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
NICK = re.compile(r"[A-Za-z_][\w.’'`^\\{}|-]{0,39}")
WORDS_OF_NAME = re.compile(r"[^\W\d_][\w.’'-]{0,30}")
CJK_NAME = re.compile(r"[\u3400-\u9fff·]{2,5}")
HOST = re.compile(r".*\d.*-|.*-\d|.*\.\w+\.\w|\d")
MOST = 5_000


def is_person(name: str) -> bool:
    """Whether what stands before a colon or a time looks like somebody's name."""
    if MAIL.fullmatch(name):
        return True
    words = name.split()
    if not words or len(words) > 4 or len(name) > 60:
        return False
    lowered = [word.lower().strip(".:") for word in words]
    if any(word in LABELS or word in PROGRAMS or word.endswith("bot") for word in lowered):
        return False
    if all(CJK_NAME.fullmatch(word) for word in words):
        return True
    if len(words) == 1:
        return bool(NICK.fullmatch(name) and not HOST.match(name))
    return all(WORDS_OF_NAME.fullmatch(word) and word[:1].isupper() for word in words)


def role(number: int) -> str:
    """`responder A` to `responder Z`, `responder AA` and so on; the first is 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"responder {letters}"


class People:
    """Who was met so far, with one role each, in the order of their first appearance."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {}
        # Every form of a name in lower case, with its role.
        self._forms: dict[str, str] = {}
        self._longest = 1
        self._has_mail = False
        self._has_cjk = False

    def meet(self, name: str) -> str:
        """The role of the person with that name."""
        name = name.strip().lstrip("@")
        key = name.lower()
        if key not in self._forms:
            if len(self.roles) >= MOST:
                return "responder"
            self.roles[name] = self._forms[key] = role(len(self.roles))
            self._has_cjk = self._has_cjk or bool(CJK_NAME.fullmatch(name))
            self._has_mail = self._has_mail or "@" in name
            words = key.split()
            self._longest = max(self._longest, min(len(words), 4))
            if len(words) > 1:
                self._forms.setdefault(words[0], self._forms[key])
        return self._forms[key]

    def meet_with_mail(self, written: str) -> None:
        """Get to know `Jane Doe <jane@corp.com>`: one person, by either."""
        mails = [match["mail"] for match in MAIL.finditer(written)]
        name = MAIL.sub("", written).strip(" ()")
        known = self.meet(name) if is_person(name) else ""
        for mail in mails:
            if known:
                self._forms.setdefault(mail.lower(), known)
                self._has_mail = True
            else:
                self.meet(mail)

    def meet_mentioned(self, texts: Iterable[str]) -> None:
        """Get to know who is mentioned with an @."""
        for text in texts:
            for match in MENTION.finditer(text):
                if name := _mentioned(match, text):
                    self.meet(name)

    def without_names(self, text: str) -> str:
        """The text with every known name replaced by its role."""
        if not self._forms:
            return text
        if self._has_mail:
            text = MAIL.sub(self._mail, text)
        text = DOUBLED.sub(r"\1", "".join(self._replaced(text)))
        return CJK_RUN.sub(self._run, text) if self._has_cjk else text

    def _replaced(self, text: str) -> Iterator[str]:
        end = 0
        tokens = list(TOKEN.finditer(text))
        for index, match in enumerate(tokens):
            if match.start() < end:
                continue
            found = self._longest_name(tokens, index, text)
            if found is None:
                continue
            yield text[end : match.start()]
            yield found[0]
            end = found[1]
        yield text[end:]

    def _longest_name(
        self, tokens: list[re.Match[str]], index: int, text: str
    ) -> tuple[str, int] | None:
        first = tokens[index]
        for size in range(min(self._longest, len(tokens) - index), 1, -1):
            last = tokens[index + size - 1]
            words = text[first.start() : last.end()].lower().lstrip("@")
            if len(words) < 120 and words in self._forms:
                return self._forms[words], last.end()
        return self._single(first, text)

    def _single(self, match: re.Match[str], text: str) -> tuple[str, int] | None:
        if match[0][0] in "@<" and (name := _mentioned(match, text)):
            form = name.lower()
            return (
                (self._forms[form], match.start() + len(match[0].rstrip(".-'’")))
                if form in self._forms
                else None
            )
        word = match[0]
        bare = word.removesuffix("'s").removesuffix("’s")
        form = bare.lower()
        is_plain = form not in ORDINARY and len(form) > 2
        if is_plain and form in self._forms and not _is_part(match, text):
            return self._forms[form], match.start() + len(bare)
        return None

    def _mail(self, match: re.Match[str]) -> str:
        return self._forms.get(match["mail"].lower(), match[0])

    def _run(self, match: re.Match[str]) -> str:
        run, parts, start = match[0], [], 0
        while start < len(run):
            size = next(
                (size for size in (5, 4, 3, 2) if run[start : start + size] in self._forms), 0
            )
            parts.append(self._forms[run[start : start + size]] if size else run[start])
            start += size or 1
        return "".join(parts)


def _mentioned(match: re.Match[str], text: str) -> str:
    """The name in a mention; empty when the token is none, or means a group or a package."""
    word = match[0]
    if word.startswith("<@"):
        return word[2:-1].rpartition("|")[2] or word[2:-1]
    if not word.startswith("@") or text[match.end() : match.end() + 1] in ("/", "@", ":"):
        is_said_to = word.startswith("@") and text[match.end() : match.end() + 2] in (": ", ":")
        if not is_said_to:
            return ""
    name = word[1:].rstrip(".-'’")
    is_group = not name or GROUPS.fullmatch(name) or name[0].isdigit()
    return "" if is_group else name


def _is_part(match: re.Match[str], text: str) -> bool:
    """Whether a word is part of a path, an address or a longer name."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 2]
    return (
        (before in ("/", ".", "@", "=", "\\") and bool(before))
        or after[:1] in ("/", "=", "@", "\\")
        or (after[:1] == "." and after[1:].isalnum())
    )
