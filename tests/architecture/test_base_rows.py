"""After a test that commits, the database is what it was before the first test."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from core.models import HomePage
from crowdtasks.ledger.actions import grant_budget
from crowdtasks.ledger.models import Leg
from tests import base_rows
from tests.factories.engagements import make_engagement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]


def _all() -> base_rows.Rows:
    return {each: base_rows._read(each) for each in base_rows._filled(base_rows._tables())}


def test_what_was_written_changed_and_taken_away_is_as_before():
    before = _all()
    engagement = make_engagement()
    grant_budget(bureau=engagement.owner, points=5, by="system", reason="To be gone.", key="gone")
    HomePage.objects.filter(slug="en").update(title="Another")
    Group.objects.create(name="More")
    Permission.objects.first().delete()
    assert Leg.objects.exists()
    assert _all() != before

    call_command("flush", interactive=False, verbosity=0)

    assert _all() == before
    assert {"core_homepage", "django_content_type", "wagtailcore_site"} <= set(before)
