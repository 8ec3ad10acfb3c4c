"""The platform's name is held for a while: pages do not ask for it, and no longer than it says."""

import pytest

from core import nameplate
from core.models import PlatformSettings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_the_name_is_asked_for_once_it_was_held_long_enough(settings, django_assert_num_queries):
    row = PlatformSettings.from_settings()
    with django_assert_num_queries(0):
        assert nameplate.current().name == row.name
    settings.NAMEPLATE_SECONDS = 0.0
    nameplate.hold(row)
    with django_assert_num_queries(1):
        nameplate.current()


def test_no_test_outlasts_what_it_holds(settings):
    """Else a test that counts queries finds one more on a machine that is busy."""
    assert settings.NAMEPLATE_SECONDS > 3600
