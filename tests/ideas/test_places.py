"""Where an idea is: a point typed as maps show it, in Hong Kong and nowhere else."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core.exceptions import Invalid
from ideas.models import Idea
from ideas.places import Point, read_point
from ideas.reading import versions
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import make_citizen

HERE = Point(Decimal("22.27940"), Decimal("114.16390"))


@pytest.mark.parametrize(
    "typed",
    [
        "22.2794, 114.1639",
        "114.1639,22.2794",
        "  22.27940 114.16390 ",
        "２２．２７９４，１１４．１６３９",
        "22.2794、114.1639",
        "(22.2794, 114.1639)",
        "22.2794° N, 114.1639° E",
        "22.279401234567, 114.163899999",
    ],
)
def test_a_point_is_read_however_a_map_writes_it(typed):
    assert read_point(typed) == HERE


@pytest.mark.parametrize(
    "typed",
    [
        "51.5074, -0.1278",
        "22.2794",
        "nan, nan",
        "inf,114.1",
        "1e9, 1e9",
        "22.2794, 114.1639; DROP TABLE",
        "22.2794\x00, 114.1639",
        "22.2794, 114.1639, 5",
        "22.5" * 40,
        # Macau, Shenzhen, and the bounds' outer side.
        "22.1987, 113.5439",
        "22.6, 114.05",
        "22.12999, 114.1",
        "0, 0",
    ],
)
def test_everything_else_is_refused_with_its_field(typed):
    with pytest.raises(Invalid) as refused:
        read_point(typed)
    assert refused.value.field == "point"


@pytest.mark.django_db
def test_the_point_is_typed_on_the_edit_page_and_shown_with_the_idea(tree):
    author = make_citizen()
    idea = make_public_idea(make_contest(moderation_policy="after")[1], account=author)
    client = Client()
    client.force_login(author, backend="accounts.backends.AccountBackend")
    address = reverse("ideas:edit", args=[idea.contribution.public_id])
    sent = {"title": idea.title, "text": idea.text, "version": "1", "district": "wan-chai"}
    refused = client.post(address, {**sent, "point": "51.5, -0.1"})
    assert refused.status_code == 422
    assert 'href="#id_point"' in refused.content.decode()
    assert client.post(address, {**sent, "point": "114.1639，22.2794"}).status_code == 302
    idea = Idea.objects.get(pk=idea.pk)
    assert idea.point == "22.27940, 114.16390"
    page = Client().get(reverse("ideas:idea", args=[idea.contribution.public_id]))
    assert 'href="geo:22.27940,114.16390"' in page.content.decode()
    newest = versions(idea, own=True)[0]
    assert ("", "22.27940, 114.16390") in newest.more
    # What is typed again as it is shown is no change.
    shown = client.get(address).content.decode()
    assert 'value="22.27940, 114.16390"' in shown
    client.post(address, {**sent, "version": "2", "point": "22.27940, 114.16390"})
    assert idea.versions.count() == 2
    call_command("verify_audit", stdout=io.StringIO())
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=idea.pk).update(latitude=Decimal("51.5"))
