"""(t) Saved searches: what new texts cost beside a thousand of them and a hundred thousand.

Documents are those of ``find``; what is saved are pieces of two to six characters of the same
sentences at random, each question kept by one account. A look that finds nothing new, the look that
leads a hundred new texts to the questions they answer, and reading all questions anew, as after a
change of the synonyms. ``SAVED_SEARCHES`` and ``FIND_DOCUMENTS`` make fewer.
"""

from __future__ import annotations

import os
import random
import time

from bench.find import _HAN, _fill, sentences_of_drcd
from bench.server import table

FEW, BATCH, NEW = 1_000, 2_000, 100
SEARCHES = int(os.environ.get("SAVED_SEARCHES") or 100_000)


def run() -> None:
    """Fill, save, look; print the table."""
    sentences, drawn = sentences_of_drcd(), random.Random(9)
    number = int(os.environ.get("FIND_DOCUMENTS") or 20_000)
    _fill(sentences, drawn, number)
    _known()
    rows, saved = [], 0
    for searches in (FEW, SEARCHES):
        _save(sentences, drawn, searches - saved)
        saved = searches
        rows.append(_looked(sentences, drawn, searches))
    head = [f"{number:,} documents, SQLite, CPU", "read anew", "nothing new"]
    table([*head, f"{NEW} new texts", "answers written"], rows)


def _known() -> None:
    """What is there before anybody saves anything is new to nobody."""
    from core import clock
    from search.models import SearchArrival, SearchDoc

    now = clock.now()
    SearchArrival.objects.bulk_create(
        (
            SearchArrival(kind=kind, object_id=pk, at=now)
            for kind, pk in SearchDoc.objects.values_list("kind", "object_id")
        ),
        batch_size=BATCH,
    )


def _save(sentences: list[str], drawn: random.Random, more: int) -> None:
    from accounts.models import Account, Person
    from core import clock
    from search.filters import Filters
    from search.models import Every, SavedQuestion, SavedSearch
    from search.saved.questions import kept

    now = clock.now()
    found: dict[str, SavedQuestion] = {}
    taken = set(SavedQuestion.objects.values_list("key", flat=True))
    while len(found) < more:
        sentence, length = drawn.choice(sentences), drawn.randrange(2, 7)
        at = drawn.randrange(max(1, len(sentence) - length))
        words = sentence[at : at + length]
        # What is asked often is asked together with something else, once everything was asked.
        if len(found) > more // 2:
            words = f"{words} {drawn.choice(sentences)[:3]}"
        if not all(map(_HAN.fullmatch, words.split())):
            continue
        asked = kept(Filters(text=words))
        if asked.key not in taken:
            found[asked.key] = SavedQuestion(key=asked.key, text=words, read_as="")
    questions = SavedQuestion.objects.bulk_create(found.values(), batch_size=BATCH)
    begun = Account.objects.count()
    people = Person.objects.bulk_create([Person(created_at=now) for _ in range(more // 20 + 1)])
    addresses = [f"saved{begun + at}@example.com" for at in range(len(people))]
    accounts = Account.objects.bulk_create(
        [
            Account(email=address, email_canonical=address, person=person, created_at=now)
            for address, person in zip(addresses, people, strict=True)
        ],
        batch_size=BATCH,
    )
    SavedSearch.objects.bulk_create(
        (
            SavedSearch(
                account=accounts[at // 20],
                question=question,
                words=question.text,
                sort="relevance",
                every=Every.DAILY,
                created_at=now,
            )
            for at, question in enumerate(questions)
        ),
        batch_size=BATCH,
    )


def _looked(sentences: list[str], drawn: random.Random, searches: int) -> list[str]:
    from search.actions.matching import match
    from search.models import SavedHit, SearchArrival, SearchDoc

    first = _seconds(match)
    second = _seconds(match)
    last = SearchDoc.objects.order_by("-object_id").values_list("object_id", flat=True)[:NEW]
    new = SearchArrival.objects.filter(object_id__in=list(last))
    new.exclude(kind="").delete()
    SavedHit.objects.all().delete()
    third = _seconds(match)
    shown = [f"{one:.2f} s" for one in (first, second, third)]
    return [f"{searches:,} saved", *shown, f"{SavedHit.objects.count():,}"]


def _seconds(work: object) -> float:
    assert callable(work)
    start = time.process_time()
    work()
    return time.process_time() - start
