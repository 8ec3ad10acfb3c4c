"""Where the lines of Chinese titles may end: found when a draft is saved, corrected by an officer.

Kept on the engagement by the title itself, so a title that was changed has no breaks of another,
and a correction stands for as long as the words do. Only where lines end is decided here, never a
word: so it needs no approval, and holds for what is public already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from consultations.models import Statement
from consultations.policies import can_write_papers
from core import audit, limits
from core.exceptions import Invalid, Refused
from core.segments import MARK, has_chinese, mark_words
from participation import faces, live
from participation.models import Engagement, OutcomeItem
from participation.models.pages import FacePage

#: What an officer types between words.
BAR = "|"
#: In the order in which a title that both have is shown.
CHINESE = ("zh-hant", "zh-hans")


def titles_of(page: FacePage) -> list[tuple[str, str]]:
    """(language, title) of the page and its headings in the two Chinese drafts, in order."""
    rows = (
        type(page)
        ._default_manager.filter(
            translation_key=page.translation_key,
            locale__language_code__in=CHINESE,
        )
        .select_related("locale", "latest_revision")
    )
    return _titles({one.language: one.get_latest_revision_as_object() for one in rows})


def _titles(drafts: Mapping[str, FacePage]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for language in CHINESE:
        if language not in drafts:
            continue
        draft = drafts[language]
        for title in (draft.title, *faces.of_page(draft).headings(draft)):
            if has_chinese(title):
                found.setdefault(title, language)
    return [(language, title) for title, language in found.items()]


def _public_titles(engagement: Engagement) -> set[str]:
    """Titles that stand in public, which a draft may have changed since."""
    if engagement.published_at is None:
        return set()
    texts = [engagement.title, *_answered_statements(engagement)]
    return {
        *(title for each in texts for title in each.values()),
        *faces.of_kind(engagement.kind).public_headings(engagement),
    }


def _answered_statements(engagement: Engagement) -> list[dict[str, str]]:
    """The statements that an outcome answers: each is the heading of its part."""
    items = OutcomeItem.objects.filter(
        outcome__engagement=engagement, target_kind="statement", removed_at=None
    )
    wanted = items.values_list("target_key", flat=True)
    found = Statement.objects.filter(engagement=engagement, public_id__in=list(wanted))
    return list(found.values_list("text", flat=True))


@transaction.atomic
def keep_answer_breaks(engagement: Engagement) -> None:
    """Find the words of what an outcome answers; what is known already stands."""
    row = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    known: dict[str, str] = row.title_words
    new = {
        text: mark_words(text)
        for texts in _answered_statements(row)
        for text in texts.values()
        if has_chinese(text) and text not in known
    }
    if new:
        Engagement.objects.filter(pk=row.pk).update(title_words={**known, **new})


@transaction.atomic
def keep_breaks(page: FacePage, *, drafts: Mapping[str, FacePage] | None = None) -> None:
    """Find the words of titles that have none yet; forget titles that are nowhere any more.

    ``drafts`` are the newest of all languages, where they are at hand.
    """
    engagement = Engagement.objects.filter(translation_key=page.translation_key).first()
    if engagement is None:
        return
    known: dict[str, str] = engagement.title_words
    found = titles_of(page) if drafts is None else _titles(drafts)
    wanted = [title for _language, title in found]
    wanted += [title for title in _public_titles(engagement) if has_chinese(title)]
    words = {title: known.get(title) or mark_words(title) for title in wanted}
    if words != known:
        Engagement.objects.filter(pk=engagement.pk).update(title_words=words)


@transaction.atomic
def correct_breaks(*, page: FacePage, typed: Iterable[str], by: Account) -> int:
    """Keep the breaks an officer typed as bars between words; returns how many titles changed.

    Raises ``Refused`` for other bureaux, ``Invalid`` for a line that without its bars is no title
    of the paper: bars alone may be typed. ``TooMany``.
    """
    limits.spend("desk_write", by.public_id)
    engagement = Engagement.objects.select_for_update(of=("self",), no_key=True).get(
        translation_key=page.translation_key
    )
    if not can_write_papers(by, engagement.owner):
        raise Refused
    titles = {_bare(title): title for _language, title in titles_of(page)}
    changed = {}
    for line in typed:
        title = titles.get(_bare(line))
        if title is None:
            raise Invalid(_("Only bars may be added or taken away: the words stay as they are."))
        marked = _marked(line)
        if BAR not in title and engagement.title_words.get(title) != marked:
            changed[title] = marked
    if changed:
        engagement.title_words = {**engagement.title_words, **changed}
        engagement.save(update_fields=["title_words"])
        audit.record("paper.breaks", actor=by, engagement_id=engagement.public_id)
        live.restaged(engagement)
    return len(changed)


def _bare(line: str) -> str:
    return " ".join(line.replace(BAR, "").replace(MARK, "").split())


def _marked(line: str) -> str:
    """The stored form: a mark for each bar between two characters."""
    parts = (part for part in " ".join(line.replace(MARK, "").split()).split(BAR))
    return MARK.join(part for part in parts if part)


def as_typed(title: str, words: dict[str, str]) -> str:
    """A title with a bar wherever a line may end."""
    return words.get(title, title).replace(MARK, BAR)
