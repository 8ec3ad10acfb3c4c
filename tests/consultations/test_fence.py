"""An officer of one bureau meets nothing of another's, whatever verb and address is tried."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from wagtail.models import Page, PageLogEntry

from accounts.actions.roles import revoke_role
from accounts.models import Account, Role
from consultations.actions.approval import submit_paper
from consultations.models import ConsultationPage, Submission
from consultations.tree import ensure_collection, ensure_section
from core.models import MediaDocument
from tests.factories.consultations import make_paper_draft
from tests.factories.core import make_image
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau

pytestmark = pytest.mark.django_db
SECRET = "Secret plan of the other bureau"
#: What a stranger may be answered: absent, refused, or led away; never 200 with the thing.
CLOSED = {302, 403, 404}


@dataclass
class Scene:
    """Our officer signed in, and another bureau's draft."""

    client: Client
    officer: Account
    own: ConsultationPage
    foreign: ConsultationPage


@pytest.fixture
def scene(client: Client) -> Scene:
    officer = make_officer()
    other_bureau = make_bureau("LCSD")
    other = make_officer(other_bureau)
    own = make_paper_draft(by=officer, title="Our own paper")
    foreign = make_paper_draft(by=other, bureau=other_bureau, title=SECRET, translate=False)
    client.force_login(officer)
    return Scene(client, officer, own, foreign)


PAGE_URLS = [
    "/cms/pages/{page}/",
    "/cms/pages/{page}/edit/",
    "/cms/pages/{page}/edit/preview/",
    "/cms/pages/{page}/view_draft/",
    "/cms/pages/{page}/view_draft/?mode=closed",
    "/cms/pages/{page}/history/",
    "/cms/pages/{page}/history/results/",
    "/cms/pages/{page}/revisions/compare/earliest...latest/",
    "/cms/pages/{page}/revisions/{revision}/view/",
    "/cms/pages/{page}/revisions/{revision}/revert/",
    "/cms/pages/{page}/revisions/{revision}/unschedule/",
    "/cms/pages/{page}/copy/",
    "/cms/pages/{page}/move/",
    "/cms/pages/{page}/move/{parent}/confirm/",
    "/cms/pages/{page}/delete/",
    "/cms/pages/{page}/unpublish/",
    "/cms/pages/{page}/convert_alias/",
    "/cms/pages/{page}/privacy/",
    "/cms/pages/{page}/usage/",
    "/cms/pages/add/consultations/consultationpage/{section}/",
    "/cms/localize/submit/page/{page}/",
    "/cms/localize/reports/translations/",
    "/cms/api/main/pages/{page}/",
    "/cms/choose-page/{section}/",
    "/cms/bulk/wagtailcore/page/delete/?id={page}",
    "/cms/bulk/wagtailcore/page/move/?id={page}",
    "/cms/bulk/wagtailcore/page/publish/?id={page}",
    "/cms/bulk/wagtailcore/page/unpublish/?id={page}",
    "/cms/bulk/wagtailcore/page/delete/?id={own}&id={page}",
    "/cms/desk/{engagement}/",
    "/cms/desk/{engagement}/words/zh-hant/",
    "/cms/desk/{engagement}/extend/",
    "/cms/desk/{engagement}/outcome/",
    "/cms/desk/{engagement}/outcome/review/",
]


def _fill(url: str, scene: Scene) -> str:
    foreign = scene.foreign
    engagement = foreign.engagement
    assert engagement is not None
    return url.format(
        page=foreign.pk,
        revision=foreign.latest_revision_id,
        parent=scene.own.get_parent().pk,
        section=foreign.get_parent().pk,
        own=scene.own.pk,
        engagement=engagement.public_id,
    )


def test_no_verb_reaches_another_bureaus_paper(scene: Scene) -> None:
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "live", "title"))
    leaks = []
    for url in PAGE_URLS:
        for method in ("get", "post"):
            response = getattr(scene.client, method)(_fill(url, scene))
            if SECRET in response.content.decode(errors="replace"):
                leaks.append(f"{method} {url}: {response.status_code}")
    assert not leaks, "\n".join(leaks)
    after = list(Page.objects.order_by("pk").values_list("pk", "path", "live", "title"))
    assert after == before


LISTS = [
    "/cms/",
    "/cms/pages/",
    "/cms/pages/search/?q=Secret",
    "/cms/pages/search/results/?q=Secret",
    "/cms/choose-page/",
    "/cms/choose-page/search/?q=Secret",
    "/cms/api/main/pages/?fields=*",
    "/cms/api/main/pages/?for_explorer=1&fields=*",
    "/cms/reports/site-history/",
    "/cms/reports/aging-pages/",
    "/cms/reports/locked/",
    "/cms/reports/page-types-usage/",
    "/cms/pages/usage/consultations/consultationpage/",
    "/cms/documents/",
    "/cms/images/",
    "/cms/documents/chooser/",
    "/cms/images/chooser/",
    "/cms/documents/?q=Secret",
    "/cms/images/?q=Secret",
]


def test_no_list_or_search_shows_it(scene: Scene) -> None:
    shelf = ensure_collection(make_bureau("LCSD"))
    make_image("Secret picture", collection=shelf)
    MediaDocument.objects.create(title="Secret file", file="secret.pdf", collection=shelf)
    leaks = []
    for url in LISTS:
        response = scene.client.get(url)
        body = response.content.decode()
        if any(text in body for text in (SECRET, "Secret picture", "Secret file")):
            leaks.append(f"{url}: {response.status_code}")
    assert not leaks, "\n".join(leaks)


MEDIA_URLS = [
    "/cms/images/{image}/",
    "/cms/images/{image}/delete/",
    "/cms/images/{image}/generate_url/",
    "/cms/images/{image}/preview/width-300/",
    "/cms/images/usage/{image}/",
    "/cms/images/chooser/{image}/",
    "/cms/images/chooser/{image}/select_format/",
    "/cms/bulk/core/mediaimage/delete/?id={image}",
    "/cms/bulk/core/mediaimage/add_to_collection/?id={image}",
    "/cms/documents/edit/{document}/",
    "/cms/documents/delete/{document}/",
    "/cms/documents/usage/{document}/",
    "/cms/documents/chooser/{document}/",
    "/cms/bulk/core/mediadocument/delete/?id={document}",
]


def test_no_verb_reaches_another_bureaus_shelf(scene: Scene) -> None:
    shelf = ensure_collection(make_bureau("LCSD"))
    image = make_image("Secret picture", collection=shelf)
    document = MediaDocument.objects.create(title="Secret file", file="a.pdf", collection=shelf)
    leaks = []
    for url in MEDIA_URLS:
        target = url.format(image=image.pk, document=document.pk)
        for method in ("get", "post"):
            response = getattr(scene.client, method)(target, {"title": "Taken over"})
            body = response.content.decode(errors="replace")
            if "Secret picture" in body or "Secret file" in body:
                leaks.append(f"{method} {url}: {response.status_code}")
    assert not leaks, "\n".join(leaks)
    image.refresh_from_db()
    document.refresh_from_db()
    assert (image.title, document.title) == ("Secret picture", "Secret file")


def test_another_bureaus_sending_cannot_be_read_or_decided(client: Client) -> None:
    other = make_bureau("LCSD")
    author = make_officer(other)
    make_approver(other)
    page = make_paper_draft(by=author, bureau=other, title=SECRET)
    submission = submit_paper(page=page, by=author)
    client.force_login(make_approver())
    for url in ("", "approve/"):
        response = client.post(f"/cms/desk/review/{submission.public_id}/{url}", {"note": "No"})
        assert response.status_code == 404
    assert client.get(f"/cms/desk/review/{submission.public_id}/").status_code == 404
    assert Submission.objects.get().state == "waiting"


def test_an_officer_never_publishes_with_wagtails_own_button(scene: Scene) -> None:
    url = f"/cms/pages/{scene.own.pk}/edit/"
    assert 'name="action-publish"' not in scene.client.get(url).content.decode()
    for name in ("unpublish", "move", "copy"):
        response = scene.client.post(f"/cms/pages/{scene.own.pk}/{name}/", {})
        assert response.status_code in CLOSED
    scene.own.refresh_from_db()
    assert not scene.own.live
    assert ConsultationPage.objects.count() == 6


def test_a_superuser_has_no_publish_button_either(scene: Scene) -> None:
    from tests.factories.desk import make_administrator

    administrator = make_administrator()
    tester = scene.own.permissions_for_user(administrator)
    assert not tester.can_publish()
    assert not tester.can_unpublish()
    assert not tester.can_move()


def test_the_fence_falls_with_the_role(scene: Scene) -> None:
    url = f"/cms/pages/{scene.own.pk}/edit/"
    assert scene.client.get(url).status_code == 200
    revoke_role(account=scene.officer, role=Role.OFFICER, bureau=scene.own.bureau, by="system")
    assert not scene.officer.groups.exists()
    assert scene.client.get(url).status_code in CLOSED


def test_a_parent_bureau_gains_nothing(client: Client) -> None:
    parent = make_bureau("EEB")
    child = make_bureau("AFCD", parent=parent)
    page = make_paper_draft(bureau=child, by=make_officer(child))
    client.force_login(make_officer(parent))
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code in CLOSED


def test_the_own_paper_is_within_reach(scene: Scene) -> None:
    engagement = scene.own.engagement
    assert engagement is not None
    for url in (
        f"/cms/pages/{scene.own.get_parent().pk}/",
        f"/cms/pages/{scene.own.pk}/edit/",
        f"/cms/pages/{scene.own.pk}/history/",
        f"/cms/pages/{scene.own.pk}/view_draft/?mode=closed",
        f"/cms/desk/{engagement.public_id}/",
        f"/cms/desk/{engagement.public_id}/words/zh-hant/",
    ):
        response = scene.client.get(url)
        assert response.status_code == 200, url
        assert "Our own paper" in response.content.decode(), url


@pytest.mark.db
def test_sections_stand_in_the_tree_and_take_no_address_twice(tree):
    made = ensure_section(make_bureau("EPD"))
    assert not any(Page.find_problems())
    for language, section in made.items():
        page = Page.objects.get(pk=section.pk)
        parent = page.get_parent()
        assert page.url_path == f"{parent.url_path}{page.slug}/"
        assert page.live
        assert page.locale.language_code == parent.locale.language_code == language
        assert PageLogEntry.objects.filter(page=page, action="wagtail.create").count() == 1
    Page.objects.filter(pk=made["zh-hans"].pk).update(slug="lcsd")
    with pytest.raises(ValidationError), transaction.atomic():
        ensure_section(make_bureau("LCSD"))
    assert Page.objects.filter(slug="lcsd").count() == 1
