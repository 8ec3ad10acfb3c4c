"""How a thread is titled and shown: rooms register it for the kinds of thread they make.

``consultations`` registers paragraphs; the whole engagement is described here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import texts
from participation.models import Thread


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


def register(kind: str, describe: Describe) -> None:
    """Say how threads of a kind are shown. Called once, from ``AppConfig.ready()``."""
    known = _registry.get(kind)
    if known is not None and known is not describe:
        raise ValueError(f"Threads of kind '{kind}' are already described.")
    _registry[kind] = describe


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
