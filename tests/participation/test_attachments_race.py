"""Many files at once for one form: never more than it may have, and no bytes without a row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from core.exceptions import DomainError
from participation.models import Attachment
from tests.factories.engagements import make_engagement
from tests.factories.files import hold_file, pdf
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]


@pytest.mark.parametrize("signed_in", [True, False])
def test_u10_eight_at_once(folder: Any, signed_in: bool) -> None:
    engagement = make_engagement()
    citizen = make_citizen() if signed_in else None
    barrier = Barrier(8)

    def add(number: int) -> str:
        barrier.wait(30)
        try:
            return hold_file(engagement, pdf(f"<< /N {number} >>"), account=citizen).public_id
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(add, range(8)))
    rows = list(Attachment.objects.all())
    assert {row.public_id for row in rows} <= set(said)
    assert len({row.position for row in rows}) == len(rows)
    assert {one for one in said if one not in {row.public_id for row in rows}} <= {
        "file_number",
        "files_busy",
        "conflict",
    }
    if signed_in:
        assert len(rows) == 5
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == len(rows)
