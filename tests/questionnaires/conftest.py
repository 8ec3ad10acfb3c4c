"""Fixtures the questionnaires' tests share; a file may have its own instead."""

from __future__ import annotations

import pytest

from accounts.models import Account
from participation.models import Engagement
from questionnaires.models import Questionnaire
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import make_questionnaire


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


@pytest.fixture
def survey(engagement: Engagement) -> Questionnaire:
    return make_questionnaire(engagement)


@pytest.fixture
def citizen() -> Account:
    return make_citizen()
