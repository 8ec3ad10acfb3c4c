"""Keeping the table of words for the same thing."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Invalid
from core.text import clean_text
from search.analysis import plain, segments
from search.models import SynonymGroup
from search.policies import require_keeper
from search.synonyms import look_again

#: Phrases of one line of the table, characters of a phrase, lines of the table.
PHRASES_MAXIMUM = 12
PHRASE_MAXIMUM = 60
GROUPS_MAXIMUM = 500
WORDS_MAXIMUM = PHRASES_MAXIMUM * (PHRASE_MAXIMUM + 1)


@transaction.atomic
def add_synonyms(*, words: str, by: Account) -> SynonymGroup:
    """A new line. Counts from the commit on. Raises ``Refused``, ``Invalid``, ``TooMany``."""
    require_keeper(by)
    limits.spend("manage_synonyms", by.public_id)
    if SynonymGroup.objects.count() >= GROUPS_MAXIMUM:
        raise Invalid(_("The table has 500 lines already. Remove one first."), field="words")
    row = SynonymGroup.objects.create(words=_clean(words), changed_at=clock.now())
    audit.record("synonyms.add", actor=by, subject=row.public_id, rows=[row])
    transaction.on_commit(look_again)
    return row


@transaction.atomic
def change_synonyms(*, group: SynonymGroup, words: str, by: Account) -> SynonymGroup:
    """Other words on a line. Raises ``Refused``, ``Invalid``, ``TooMany``."""
    require_keeper(by)
    limits.spend("manage_synonyms", by.public_id)
    row = SynonymGroup.objects.select_for_update().get(pk=group.pk)
    row.words, row.version, row.changed_at = _clean(words), row.version + 1, clock.now()
    row.save(update_fields=["words", "version", "changed_at"])
    audit.record("synonyms.change", actor=by, subject=row.public_id, rows=[row])
    transaction.on_commit(look_again)
    return row


@transaction.atomic
def remove_synonyms(*, group: SynonymGroup, by: Account) -> None:
    """Take a line away. Done twice it is done. Raises ``Refused``, ``TooMany``."""
    require_keeper(by)
    limits.spend("manage_synonyms", by.public_id)
    row = SynonymGroup.objects.select_for_update().filter(pk=group.pk).first()
    if row is None:
        return
    audit.record("synonyms.erase", actor=by, subject=row.public_id, rows=[row])
    row.delete()
    transaction.on_commit(look_again)


def _clean(words: str) -> str:
    text = clean_text(words, max_length=WORDS_MAXIMUM, field="words")
    found: dict[str, str] = {}
    for line in text.split("\n"):
        phrase = " ".join(line.split())
        if not phrase:
            continue
        if len(phrase) > PHRASE_MAXIMUM:
            raise Invalid(_("A word or phrase has at most 60 characters."), field="words")
        read = plain(segments(phrase))
        if not read:
            raise Invalid(_("Each line needs a letter, a character or a digit."), field="words")
        # 港鐵 and 港铁 are one phrase: every script is found already.
        found.setdefault(read, phrase)
    if len(found) < 2:
        raise Invalid(_("Enter at least two different words, each on its own line."), field="words")
    if len(found) > PHRASES_MAXIMUM:
        raise Invalid(_("Enter at most 12 words for one thing."), field="words")
    return "\n".join(found.values())
