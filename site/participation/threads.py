"""How a thread is titled and shown: rooms register it for the kinds of thread they make.

``consultations`` registers paragraphs; the whole engagement is described here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import texts
from participation.models import Engagement, Thread


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What a page says of a thread. ``html`` is safe and in ``language``; ``path`` may be ''.

    ``version`` is the version of the paper that is shown now; a comment keeps it.
    """

    title: str
    html: str
    path: str
    language: str = ""
    version: int = 1


Describe = Callable[[Thread, str], ThreadView]

_registry: dict[str, Describe] = {}
_sided: set[str] = set()


def register(kind: str, describe: Describe, *, sides: bool = False) -> None:
    """Say how threads of a kind are shown. Called once, from ``AppConfig.ready()``.

    ``sides``: each comment on one (not a reply) is for it, against it, or a question or thought.
    """
    known = _registry.get(kind)
    if known is not None and known is not describe:
        raise ValueError(f"Threads of kind '{kind}' are already described.")
    _registry[kind] = describe
    if sides:
        _sided.add(kind)


Joined = Callable[[Thread], list[int]]
_joined: dict[str, Joined] = {}


def register_joined(kind: str, joined: Joined) -> None:
    """Say which further threads' comments are shown with those of a thread (what was put together
    with it); called from ``ready()``.
    """
    _joined[kind] = joined


def shown_together(thread: Thread) -> list[int]:
    """The thread and those whose comments are shown with its own, by primary key."""
    joined = _joined.get(thread.kind)
    return [thread.pk, *(joined(thread) if joined else [])]


def takes_sides(thread: Thread) -> bool:
    """Whether comments on this thread say which side they are on."""
    return thread.kind in _sided


def describe(thread: Thread, language: str) -> ThreadView:
    """The thread in a language; an unregistered kind is described as its engagement."""
    return _registry.get(thread.kind, describe_whole)(thread, language)


def describe_whole(thread: Thread, language: str) -> ThreadView:
    """The whole engagement: its title, its summary, its page."""
    engagement = thread.engagement
    summary = texts.pick(engagement.summary, language)
    html = format_html('<p class="govuk-body">{}</p>', summary.text) if summary else ""
    return ThreadView(
        title=_("The whole paper"),
        html=html,
        path=engagement_path(thread, language),
        language=summary.language,
    )


def engagement_path(thread: Thread, language: str) -> str:
    """The public page of the thread's engagement in a language, '' while it has none."""
    return texts.pick(thread.engagement.paths, language).text


register("whole", describe_whole)


#: Titles by language of all threads of a kind on an engagement, by key, in the paper's order.
Titles = Callable[[Engagement], dict[int, dict[str, str]]]
_titles: dict[str, Titles] = {}


def register_titles(kind: str, titles: Titles) -> None:
    """Say how a room names all its threads at once, in few queries (reports and lists)."""
    known = _titles.get(kind)
    if known is not None and known is not titles:
        raise ValueError(f"Threads of kind '{kind}' are already titled.")
    _titles[kind] = titles


def titles(engagement: Engagement) -> dict[int, dict[str, str]]:
    """The name of every thread of an engagement in the three languages, by primary key."""
    found: dict[int, dict[str, str]] = {}
    for kind in sorted(_titles, key=lambda name: (name != "whole", name)):
        found.update(_titles[kind](engagement))
    return found


def titles_of_whole(engagement: Engagement) -> dict[int, dict[str, str]]:
    """The thread of the whole engagement; one query."""
    keys = Thread.objects.filter(engagement=engagement, kind="whole").values_list("pk", flat=True)
    return {pk: in_each_language(lambda: _("The whole paper")) for pk in keys}


def in_each_language(say: Callable[[], str]) -> dict[str, str]:
    """What ``say`` returns in each of the three languages."""
    found = {}
    for code in texts.LANGUAGES:
        with translation.override(code):
            found[code] = say()
    return found


register_titles("whole", titles_of_whole)
