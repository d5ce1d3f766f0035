"""Taking a text or a person out of everything that is stored; only a marker stays.

The one exception to revisions that never change, for administrators. The audit log says that it was
done and how often, never what was taken out.
"""

import html
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, unquote_plus

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, authoring, content, document_json, outbox, people, revisions, slugs
from postmortems.models import (
    Approval,
    BodyTemplate,
    Draft,
    Import,
    ImportRow,
    KeptAnswer,
    Postmortem,
    ReadingList,
    ReadingListEntry,
    RenderedText,
    ReviewComment,
    Revision,
    SavedSearch,
    StoredFile,
    TermSuggestion,
    Tracker,
    User,
    WaitingImport,
)
from postmortems.replacing import MARKER, replaced, texts_pattern

SHORTEST = 3
MOST_TEXTS = 50
AT_A_TIME = 200
# Of a tracker: where a ticket is begun; what its keys begin with and where these lead to.
ADDRESSES = ("ticket_url", "prefix", "key_url")


@dataclass
class Counts:
    """In how much of each the texts stand, or stood."""

    postmortems: int = 0
    revisions: int = 0
    drafts: int = 0
    files: int = 0
    saved_searches: int = 0
    reading_lists: int = 0
    suggestions: int = 0
    templates: int = 0
    trackers: int = 0
    review_comments: int = 0
    rendered_texts: int = 0
    kept_answers: int = 0
    imports: int = 0


def count(texts: Sequence[str], *, by: User) -> Counts:
    """What `redact` would change; it changes nothing."""
    people.check_may_administer(by)
    return _Work(_pattern(texts), by, is_real=False).done()


def redact(texts: Sequence[str], *, by: User) -> Counts:
    """Replace the texts by a marker everywhere, in any letter case; raises ValidationError.

    One transaction: it is out everywhere or nowhere. The index follows as after every change; what
    its files and the backups still hold is the operator's to renew.
    """
    people.check_may_administer(by)
    pattern = _pattern(texts)
    with outbox.writing():
        counts = _Work(pattern, by, is_real=True).done()
        audit.record("redact", by, by=by, after=asdict(counts))
    return counts


def _pattern(texts: Sequence[str]) -> re.Pattern[str]:
    given = [text.strip() for text in texts if text.strip()]
    if not given or len(given) > MOST_TEXTS or any(len(text) < SHORTEST for text in given):
        message = _("Write what to take out, one text a line, of at least %(least)d characters.")
        raise ValidationError({"texts": message % {"least": SHORTEST}})
    pattern = texts_pattern(given)
    if pattern.search(MARKER):
        raise ValidationError({"texts": _("The marker itself cannot be taken out.")})
    return pattern


class _Work:
    """One walk through all that holds texts, which counts, and changes if it is meant."""

    def __init__(self, pattern: re.Pattern[str], by: User, *, is_real: bool) -> None:
        self.pattern, self.by, self.is_real = pattern, by, is_real
        self.counts = Counts()
        # Keys of sections that hold a text, and what they are called from now on, in every revision.
        self.keys: dict[str, str] = {}

    def done(self) -> Counts:
        """Do it."""
        self._revisions()
        self._postmortems()
        self._drafts()
        self._saved_searches()
        self._columns("reading_lists", ReadingList, ("name", "description"))
        self._columns("reading_lists", ReadingListEntry, ("why",))
        self._columns("files", StoredFile, ("name",))
        self._columns("suggestions", TermSuggestion, ("names", "definitions", "why", "answer"))
        self._columns("templates", BodyTemplate, ("names", "sections"))
        self._trackers()
        self._columns("review_comments", ReviewComment, ("text",))
        self._columns("review_comments", Approval, ("comment",))
        self._columns("kept_answers", KeptAnswer, ("body",))
        self._columns("imports", Import, ("name",))
        self._columns("imports", ImportRow, ("name", "import_id", "problems"))
        self._waiting_imports()
        self._anchors()
        self._rendered()
        return self.counts

    def _waiting_imports(self) -> None:
        # What nobody has confirmed yet may be packed: whatever it holds, it goes.
        if self.is_real:
            WaitingImport.objects.all().delete()

    def without(self, value: Any, **options: Any) -> Any:
        """The JSON or text without what is to go."""
        return replaced(value, lambda text: self.pattern.sub(MARKER, text), **options)

    def _content(self, data: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = self.without(data)
        return self._with_new_keys(changed)

    def _with_new_keys(self, data: dict[str, Any]) -> dict[str, Any]:
        sections = {self._key(key): text for key, text in data.get("sections", {}).items()}
        return {**data, "sections": sections} if sections else data

    def _key(self, key: str) -> str:
        if not self._is_spelt_in(key):
            return key
        return self.keys.setdefault(key, f"redacted-{secrets.token_hex(4)}")

    def _is_spelt_in(self, words: str) -> bool:
        # Addresses and keys are made of titles: they may hold the text in their own spelling.
        spoken = words.replace("-", " ")
        return any(self.pattern.search(text) for text in (words, spoken))

    def _is_in_address(self, address: str) -> bool:
        return self._is_spelt_in(address) or self._is_spelt_in(unquote_plus(address))

    def _part(self, name: str) -> str:
        first, _slash, key = name.partition("/")
        return f"sections/{self._key(key)}" if first == "sections" else name

    def _revisions(self) -> None:
        for revision in Revision.objects.order_by("pk").iterator(AT_A_TIME):
            document, comment = self._content(revision.document), self.without(revision.comment)
            if (document, comment) == (revision.document, revision.comment):
                continue
            self.counts.revisions += 1
            if self.is_real:
                rows = Revision.objects.filter(pk=revision.pk)
                changed = {self._part(name): at for name, at in revision.last_changed.items()}
                rows.update(document=document, comment=comment[:500], last_changed=changed)

    def _postmortems(self) -> None:
        for batch in _batches(Postmortem.objects.order_by("pk").values_list("pk", flat=True)):
            found = Postmortem.objects.filter(pk__in=batch).select_related("team")
            documents = content.read_many(found)
            for postmortem in found:
                data = document_json.to_json(documents[postmortem.pk])
                changed = self._content(data)
                envelope = self._envelope(postmortem, changed)
                if changed == data and not envelope:
                    continue
                self.counts.postmortems += 1
                if self.is_real:
                    self._rewrite(postmortem, data, changed, envelope)

    def _rewrite(
        self,
        postmortem: Postmortem,
        before: dict[str, Any],
        data: dict[str, Any],
        envelope: dict[str, str],
    ) -> None:
        document = document_json.build(data)
        stored = content.fill(postmortem, document)
        content.replace(postmortem, stored)
        # A revision of its own: an editor that was opened before holds the text still, and must not
        # save it again without being asked.
        if data != before:
            postmortem.revision += 1
            comment = _("A text was taken out")
            named = self._with_new_keys(before)
            revisions.store_next(postmortem, stored, named, by=self.by, comment=comment)
        for name, value in envelope.items():
            setattr(postmortem, name, value)
        postmortem.version += 1
        postmortem.save()
        content.store_rendered(content.lay_out([document]))
        outbox.log_changes(authoring.with_relatives([postmortem]))

    def _envelope(self, postmortem: Postmortem, data: dict[str, Any]) -> dict[str, str]:
        """The words of the envelope that hold a text, as they are to be."""
        changes = {}
        if self._is_spelt_in(postmortem.slug):
            # What the title leaves may still be spelt like it.
            made = slugs.slug_of(data["title"])
            changes["slug"] = "postmortem" if self._is_spelt_in(made) else made
        if self._is_spelt_in(postmortem.import_id):
            changes["import_id"] = f"redacted-{postmortem.ref}"
        return changes

    def _drafts(self) -> None:
        for draft in Draft.objects.order_by("pk").iterator(AT_A_TIME):
            fields = self._typed(draft.fields)
            if fields != draft.fields:
                self.counts.drafts += 1
                if self.is_real:
                    rows = Draft.objects.filter(pk=draft.pk)
                    rows.update(fields=fields, version=draft.version + 1)

    def _typed(self, fields: Any) -> Any:
        # Pairs of name and value: the names are the editor's own.
        if isinstance(fields, list):
            return [
                [self._field(name), *self.without(typed, fixed=frozenset())]
                for name, *typed in fields
            ]
        return self.without(fields, fixed=frozenset())

    def _field(self, name: str) -> str:
        first, _dot, key = name.partition(".")
        return f"sections.{self._key(key)}" if first == "sections" else name

    def _saved_searches(self) -> None:
        for item in SavedSearch.objects.order_by("pk"):
            name = self.without(item.name)
            is_asked = self.pattern.search(unquote_plus(item.query)) is not None
            if name == item.name and not is_asked:
                continue
            self.counts.saved_searches += 1
            if self.is_real:
                # Two that are left with the same name would be one to their owner.
                name = f"{name} {item.pk}"[:120] if name != item.name else name
                query = f"q={quote(MARKER)}" if is_asked else item.query
                SavedSearch.objects.filter(pk=item.pk).update(name=name, query=query)

    def _trackers(self) -> None:
        """An address with a gap in it leads nowhere: it goes, and so does a tracker that has no other."""
        for item in Tracker.objects.order_by("pk"):
            before = {name: getattr(item, name) for name in ("name", *ADDRESSES)}
            values = before | {"name": self.without(item.name)}
            if values["name"] != item.name:
                # Two that are left with the same name would be one.
                values["name"] = f"{values['name'][:40]} {item.pk}"
            for names in (ADDRESSES[:1], ADDRESSES[1:]):
                if any(self._is_in_address(before[name]) for name in names):
                    values |= dict.fromkeys(names, "")
            if values == before:
                continue
            self.counts.trackers += 1
            if self.is_real:
                rows = Tracker.objects.filter(pk=item.pk)
                is_left = values["ticket_url"] or values["key_url"]
                rows.update(**values) if is_left else rows.delete()

    def _columns(self, counted: str, model: Any, columns: tuple[str, ...]) -> None:
        for row in model.objects.order_by("pk"):
            values = {name: getattr(row, name) for name in columns}
            changed = {name: self.without(value) for name, value in values.items()}
            if changed != values:
                setattr(self.counts, counted, getattr(self.counts, counted) + 1)
                if self.is_real:
                    model.objects.filter(pk=row.pk).update(**changed)

    def _anchors(self) -> None:
        """Comments stay with a section that is called otherwise from now on."""
        for key, name in self.keys.items():
            if self.is_real:
                ReviewComment.objects.filter(anchor=key).update(anchor=name)

    def _rendered(self) -> None:
        gone = [
            row.digest
            for row in RenderedText.objects.order_by("digest").iterator(AT_A_TIME)
            if self.pattern.search(row.plain) or self.pattern.search(html.unescape(row.html))
        ]
        self.counts.rendered_texts = len(gone)
        if self.is_real:
            for batch in _batches(gone):
                RenderedText.objects.filter(digest__in=batch).delete()


def _batches(keys: Iterable[Any]) -> Iterable[list[Any]]:
    everything = list(keys)
    return [everything[at : at + AT_A_TIME] for at in range(0, len(everything), AT_A_TIME)]
