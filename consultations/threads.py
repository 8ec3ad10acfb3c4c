"""How a paragraph is shown where it is commented on."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from consultations.models import Paragraph
from core import texts
from participation import threads
from participation.models import Engagement, Thread
from participation.threads import ThreadView


def describe_paragraph(thread: Thread, language: str) -> ThreadView:
    """The paragraph a thread belongs to, with its text and its place on the paper."""
    paragraph = thread.paragraph
    text = texts.pick(paragraph.text, language)
    path = threads.engagement_path(thread, language)
    latest = thread.engagement.paper_versions.first()
    return ThreadView(
        title=_("Paragraph %(number)s") % {"number": paragraph.number},
        # Cleaned when it was published (consultations.sanitise).
        html=mark_safe(text.text),
        path=f"{path}#{paragraph.anchor}" if path else "",
        language=text.language,
        version=latest.number if latest else 1,
    )


def titles_of_paragraphs(engagement: Engagement) -> dict[int, dict[str, str]]:
    """'Paragraph 2.1' for every paragraph, in the paper's order; one query."""
    rows = (
        Paragraph.objects.filter(engagement=engagement)
        .order_by("chapter__order", "order", "pk")
        .values_list("thread", "number")
    )
    says = threads.in_each_language(lambda: _("Paragraph %(number)s"))
    return {
        thread: {code: say % {"number": number} for code, say in says.items()}
        for thread, number in rows
    }


def register() -> None:
    """Connect it; called when the app is ready."""
    threads.register("paragraph", describe_paragraph)
    threads.register_titles("paragraph", titles_of_paragraphs)
