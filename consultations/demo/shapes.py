"""The shapes the demonstration's texts are written in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Both:
    """A text in both authority languages; Simplified follows from Traditional as everywhere."""

    en: str
    zh: str


@dataclass(frozen=True)
class Said:
    """A comment: who (key of ``people.NEIGHBOURS``), on which paragraph ('' the whole), what.

    ``state`` published, held or confidential; ``reply`` is the bureau's official answer.
    """

    by: str
    text: str
    language: str
    on: str = ""
    state: str = "published"
    agree: int = 0
    reply: Both | None = None


@dataclass(frozen=True)
class Table:
    """A table after the paragraph ``after``; cells as an officer types them, ``|`` between."""

    after: str
    caption: Both
    cells: Both


@dataclass(frozen=True)
class Ask:
    """A question: its name in this survey, kind and words; options by name.

    ``when`` is one test of an earlier question: its name, the test, then option names or a number.
    """

    name: str
    kind: str
    title: Both
    key: bool = False
    hint: Both | None = None
    background: Both | None = None
    options: dict[str, Both] = field(default_factory=dict)
    other: str = ""
    alone: str = ""
    when: tuple[str, ...] = ()
    most: int | None = None
    ends: tuple[Both, Both] | None = None


@dataclass(frozen=True)
class Survey:
    """The questions of a paper, by section."""

    intro: Both
    sections: list[tuple[Both, list[Ask]]]


@dataclass(frozen=True)
class Answered:
    """What somebody wrote in own words: text, language, name to show ('' for the bureau only).

    ``state`` published, held or withheld, of the text.
    """

    text: str
    language: str
    alias: str = ""
    organisation: str = ""
    state: str = "published"


@dataclass(frozen=True)
class Part:
    """One part of an outcome: ``kind`` and ``place`` (a chapter's number, a statement's place from
    1, '' for the whole); ``quotes`` are keys of neighbours whose comments it cites."""

    kind: str
    place: str
    said: Both
    verdict: str
    decided: Both
    why: Both
    change: Both | None = None
    #: Days from loading to the change.
    change_on: int | None = None
    asked: Both | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delay:
    """Why an answer is late: told on a day, with the day it is now expected."""

    told: int
    reason: Both
    expected: int


@dataclass(frozen=True)
class Paper:
    """A consultation; days are relative to the day of loading."""

    slug: str
    bureau: str
    title: Both
    summary: Both
    opens: int
    closes: int
    due: int
    chapters: list[tuple[Both, list[Both]]]
    contact: Both
    file_number: str = ""
    topics: list[str] = field(default_factory=list)
    source: str = "en"
    statements: list[Both] = field(default_factory=list)
    #: For each statement the shares in percent of (agree, disagree); the rest pass.
    leaning: list[tuple[int, int]] = field(default_factory=list)
    voters: int = 0
    said: list[Said] = field(default_factory=list)
    proposed: list[tuple[str, str, str]] = field(default_factory=list)
    outcome: Both | None = None
    parts: list[Part] = field(default_factory=list)
    delay: Delay | None = None
    key_dates: list[tuple[int, Both]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    #: What the cover picture shows; the picture is drawn by ``picture.draw``. None: no picture.
    cover: Both | None = None
    survey: Survey | None = None
    #: How many answer it, and what some of them write.
    responses: int = 0
    written: list[Answered] = field(default_factory=list)
    #: 'published', or 'submitted': it waits for its second officer.
    stage: str = "published"
