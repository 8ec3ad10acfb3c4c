"""How the thread of an idea is titled and shown where comments are written and listed."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from ideas.actions.contest import KIND
from ideas.models import Idea
from participation import threads
from participation.models import Engagement, Thread
from participation.threads import ThreadView, in_each_language

BEGINNING = 400


def describe(thread: Thread, language: str) -> ThreadView:
    """The idea's title and beginning, as written; nothing of one that is not public."""
    idea = Idea.objects.select_related("contribution").filter(thread=thread).first()
    if idea is None or not idea.is_public:
        return ThreadView(
            title=_("An idea that is not public now"),
            html="",
            path=f"/{language}/e/{thread.engagement.public_id}/ideas/",
            language=language,
        )
    text = idea.text if len(idea.text) <= BEGINNING else idea.text[:BEGINNING].rstrip() + "…"
    return ThreadView(
        title=idea.title,
        html=format_html('<p class="govuk-body">{}</p>', text),
        path=f"/{language}/ideas/{idea.contribution.public_id}/",
        language=idea.contribution.language,
        version=idea.number,
    )


def joined(thread: Thread) -> list[int]:
    """The threads of ideas that this one's leads; not of those their authors withdrew."""
    led = Idea.objects.filter(merged_into__thread=thread, contribution__state="published")
    return list(led.order_by("pk").values_list("thread", flat=True))


def titles(engagement: Engagement) -> dict[int, dict[str, str]]:
    """The titles of all public ideas by thread; one query. Titles are in one language only.

    What is no contest has none, and is not asked.
    """
    if engagement.kind != KIND:
        return {}
    hidden = in_each_language(lambda: _("An idea that is not public now"))
    rows = Idea.objects.filter(engagement=engagement).values_list(
        "thread_id", "title", "is_public", "contribution__language"
    )
    return {pk: {language: title} if public else hidden for pk, title, public, language in rows}


def register() -> None:
    """Called from ``ready()``."""
    threads.register("idea", describe, sides=True)
    threads.register_joined("idea", joined)
    threads.register_titles("idea", titles)
