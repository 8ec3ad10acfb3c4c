"""What is kept of a draft for translating is what wagtail-localize itself would keep."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslationContext,
    TranslationSource,
)

from consultations.actions.translation import follow_source
from consultations.models import ConsultationPage
from tests.factories.consultations import chapter, edit_paper, make_paper_draft, paragraph
from tests.factories.engagements import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

KEPT = (
    String,
    Template,
    TranslationContext,
    StringSegment,
    TemplateSegment,
    RelatedObjectSegment,
    OverridableSegment,
)
LINKED = '<p>See <a href="https://a.example/">here</a> and <b>there</b>.</p><p>Twice.</p>'


def _body(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        chapter("c1", "Background", paragraph("p1", LINKED), paragraph("p2", "<p>Twice.</p>")),
        *more,
    ]


def _rows() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT}


def _source(page: ConsultationPage) -> TranslationSource:
    return TranslationSource.objects.get(object_id=page.translation_key)


@pytest.mark.db
def test_the_library_would_keep_the_same_pieces():
    by = make_account()
    page = make_paper_draft(body=_body(), by=by)
    for change in (
        {"body": _body(chapter("c2", "More", paragraph("p3", "Third.")))},
        {"body": _body(), "summary": ""},
    ):
        kept = _rows()
        assert kept["StringSegment"]
        assert kept["TemplateSegment"]
        assert kept["OverridableSegment"]
        assert all(row["field_path"] for row in kept["TranslationContext"])
        _source(page).refresh_segments()
        assert _rows() == kept
        edit_paper(page, by, **change)
    assert not StringSegment.objects.filter(context__path__contains="p3").exists()


def test_the_library_would_make_the_same_drafts():
    page = make_paper_draft(body=_body())
    for language in ("zh-hant", "zh-hans"):
        locale = Locale.objects.get(language_code=language)
        version = ConsultationPage.objects.get(translation_key=page.translation_key, locale=locale)
        shown = _source(page).get_ephemeral_translated_instance(locale, fallback=True)
        kept = version.get_latest_revision_as_object()
        assert kept.title == shown.title != page.title
        for name in ("body", "statements"):
            field = ConsultationPage._meta.get_field(name)
            assert field.value_to_string(kept) == field.value_to_string(shown)
            assert field.value_to_string(kept) != field.value_to_string(page)
        assert version.slug == page.slug
        assert not version.live
        assert version.draft_title == version.title
        assert list(version.revisions.values_list("pk", flat=True)) == [version.latest_revision_id]
    assert not any(Page.find_problems())


def test_an_older_page_at_hand_brings_nothing_older_back():
    by = make_account()
    page = make_paper_draft(body=_body(), by=by)
    older = ConsultationPage.objects.get(pk=page.pk)
    draft = older.get_latest_revision_as_object()
    edit_paper(page, by, body=_body(chapter("c2", "More", paragraph("p3", "Third."))))
    kept = _rows()
    assert StringSegment.objects.filter(context__path__contains="p3").exists()
    # Who loaded it before waits for who saved it, and goes on with what is there then.
    follow_source(page=older, by=by, draft=draft)
    assert _rows() == kept
    follow_source(page=ConsultationPage.objects.get(pk=page.pk), by=by)
    assert _rows() == kept
