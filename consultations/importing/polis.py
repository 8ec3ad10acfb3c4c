"""Writing a Polis conversation as a closed consultation, wholly or not at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Bureau, Person
from consultations.actions.paper import publish_paper
from consultations.importing.page import start_page
from consultations.importing.polis_files import Conversation, instant, read_folder
from consultations.models import Statement
from core.exceptions import Conflict
from core.planner import look_again
from core.tongue import chinese_of
from participation.actions.people_import import batches, import_people, record_rows
from participation.actions.vote_import import SourceVote, import_votes
from participation.models import Ballot, Engagement, Vote, VoteEvent

TITLE_LIMIT = 200
STATES = {-1: "withheld", 0: "published", 1: "published"}

#: The licence asks for this sentence, word for word, wherever the data is shown.
ATTRIBUTION = (
    "Data was gathered using the Polis software (compdemocracy.org/polis) and is sub-licensed "
    "under CC BY 4.0 with Attribution to The Computational Democracy Project."
)
ATTRIBUTION_LINK = (
    " The data and more information about how the data was collected can be found at the "
    "following link(s): {link}"
)
#: Case studies of published conversations, by the last part of the conversation's address.
CASE_STUDIES = {
    "2demo": "https://compdemocracy.org/case-studies/2014-seattle-15-per-hour",
    "9xxwa9jpkm": "https://compdemocracy.org/case-studies/2022-london-youth-policing",
    "5psrv8bm2a": "https://compdemocracy.org/case-studies/2017-scoop-hivemind-freshwater",
    "4yy3sh84js": "https://compdemocracy.org/case-studies/2017-scoop-hivemind-ubi",
    "3phdex2kjf": "https://compdemocracy.org/case-studies/2015-vtaiwan-uberx",
}


@dataclass(frozen=True)
class Imported:
    """What stands in the platform after a run; the same after every run of one folder."""

    consultation: str
    statements: int
    participants: int
    votes: int
    skipped: dict[str, int]
    new: bool

    def as_json(self) -> dict[str, object]:
        """The last line of the command."""
        return {
            "consultation": self.consultation,
            "statements": self.statements,
            "participants": self.participants,
            "votes": self.votes,
            "skipped": self.skipped,
        }


def import_folder(
    *, folder: Path, bureau: Bureau, title: str = "", language: str = "", link: str = ""
) -> Imported:
    """Import a folder; see ``import_conversation``. Raises BadFolder before anything is written."""
    conversation = read_folder(folder)
    return import_conversation(
        conversation=conversation,
        source=source_of(conversation, folder),
        bureau=bureau,
        title=title or conversation.topic or folder.name,
        language=language or language_of(conversation),
        link=link,
    )


def source_of(conversation: Conversation, folder: Path) -> str:
    """What a second run is known by: the conversation's own id, else the folder's name."""
    return f"polis:{_own_id(conversation) or folder.resolve().name}"[:80]


def _own_id(conversation: Conversation) -> str:
    last = conversation.url.rstrip("/").rpartition("/")[2]
    return last if re.fullmatch(r"[A-Za-z0-9]{3,40}", last) else ""


def language_of(conversation: Conversation) -> str:
    """English unless what was written is Chinese."""
    return chinese_of("".join(each.text for each in conversation.statements)) or "en"


@transaction.atomic
def import_conversation(
    *,
    conversation: Conversation,
    source: str,
    bureau: Bureau,
    title: str,
    language: str,
    link: str = "",
) -> Imported:
    """Make a closed consultation of a conversation, in one transaction; again, find it.

    Statements rejected at the source are withheld, the others published. Participants become
    persons without accounts. Every vote row becomes an event with the source's time, the last of
    each person and statement the head. Raises Conflict when the conversation was imported before
    from other files.
    """
    skipped = dict(sorted(conversation.skipped.items()))
    existing = Engagement.objects.filter(import_source=source).first()
    if existing is not None:
        found = _standing(existing, source, skipped)
        wanted = (
            len(conversation.statements),
            len(conversation.participants),
            len(conversation.times),
        )
        if (found.statements, found.participants, found.votes) != wanted:
            raise Conflict(
                f"{source} was imported before as {found.consultation} with {found.statements} "
                f"statements, {found.participants} participants and {found.votes} votes; these "
                f"files hold {wanted[0]}, {wanted[1]} and {wanted[2]}. Nothing was changed.",
                code="other_files",
            )
        return found
    engagement = _engagement(
        conversation=conversation,
        source=source,
        bureau=bureau,
        title=" ".join(title.split())[:TITLE_LIMIT],
        language=language,
        link=link,
    )
    persons = _persons(conversation, source, engagement)
    ballots = _statements(conversation, engagement, persons, language)
    voters = [persons[each] for each in conversation.voters]

    def votes() -> Iterator[SourceVote]:
        for statement, voter, choice, at in conversation.in_time_order():
            yield ballots[statement], voters[voter], choice, at

    import_votes(engagement=engagement, votes=votes())
    look_again(Statement, Ballot, Vote, VoteEvent, Person)
    found = _standing(engagement, source, skipped)
    return Imported(**{**found.__dict__, "new": True})


def _standing(engagement: Engagement, source: str, skipped: dict[str, int]) -> Imported:
    return Imported(
        consultation=engagement.public_id,
        statements=engagement.statements.exclude(import_id="").count(),
        participants=Person.objects.filter(import_source=source).count(),
        votes=VoteEvent.objects.filter(ballot__engagement=engagement, channel="import").count(),
        skipped=skipped,
        new=False,
    )


def _engagement(
    *,
    conversation: Conversation,
    source: str,
    bureau: Bureau,
    title: str,
    language: str,
    link: str,
) -> Engagement:
    """A published page and its engagement, from the day of the first vote to that of the last."""
    link = link or CASE_STUDIES.get(_own_id(conversation), "")
    sentence = ATTRIBUTION + (ATTRIBUTION_LINK.format(link=link) if link else "")
    page = start_page(
        bureau=bureau,
        title=title,
        language=language,
        key=uuid5(NAMESPACE_URL, source),
        slug=slugify(source.replace(":", "-")),
        first=instant(min(conversation.times)),
        last=instant(max(conversation.times)),
    )
    engagement = Engagement.objects.get(translation_key=page.translation_key)
    engagement.import_source = source
    engagement.attribution = {"en": sentence}
    engagement.save(update_fields=["import_source", "attribution"])
    return publish_paper(page=page, by=None)


def _persons(conversation: Conversation, source: str, engagement: Engagement) -> dict[str, int]:
    """A person for each participant, by the source's id."""
    made: dict[str, int] = {}
    for batch in batches(conversation.participants):
        created = import_people(engagement=engagement, source=source, import_ids=batch)
        made.update((person.import_id, person.pk) for person in created)
    return made


def _statements(
    conversation: Conversation, engagement: Engagement, persons: dict[str, int], language: str
) -> list[int]:
    """A statement and its ballot for each comment; the ballots' keys in the comments' order."""
    keys: list[int] = []
    numbered = enumerate(conversation.statements, start=1)
    for batch in batches(numbered):
        ballots = Ballot.objects.bulk_create(
            Ballot(engagement=engagement, kind="statement") for _each in batch
        )
        created = Statement.objects.bulk_create(
            Statement(
                engagement=engagement,
                ballot=ballot,
                text={language: each.text} if each.text else {},
                state=STATES[each.moderated],
                order=order,
                import_id=each.import_id,
                author_id=persons[each.author],
                created_at=each.at,
            )
            for ballot, (order, each) in zip(ballots, batch, strict=True)
        )
        keys.extend(ballot.pk for ballot in ballots)
        record_rows("statement.import", created, engagement)
    return keys
