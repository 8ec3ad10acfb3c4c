"""Keeping the register's search text in step with what is published."""

from django.db import transaction
from django.utils.html import strip_tags

from consultations.models import Paragraph, SearchText
from core.text import fold
from participation.models import Engagement
from questionnaires.models import Question


@transaction.atomic
def refresh_search_text(engagement: Engagement) -> SearchText:
    """Write the folded text of an engagement as it is published now. Survives a second run."""
    titles = [*engagement.title.values()]
    bodies = [*engagement.summary.values(), engagement.file_number]
    bodies += [*(engagement.owner.name or {}).values()]
    for chapter in engagement.chapters.filter(retired_at__isnull=True):
        bodies += [*chapter.title.values()]
    for text in Paragraph.objects.filter(
        engagement=engagement, retired_at__isnull=True
    ).values_list("text", flat=True):
        bodies += [strip_tags(version) for version in text.values()]
    asked = Question.objects.filter(
        questionnaire__engagement=engagement,
        questionnaire__published_at__isnull=False,
        retired_at=None,
    ).order_by("pk")
    for question in asked.prefetch_related("options"):
        bodies += [*question.title.values(), *question.hint.values()]
        for option in question.options.all():
            bodies += [*option.label.values()]
    row, _created = SearchText.objects.update_or_create(
        engagement=engagement,
        defaults={
            "title": "\n".join(fold(title) for title in titles),
            "body": "\n".join(fold(body) for body in bodies),
        },
    )
    return row
