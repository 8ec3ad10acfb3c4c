"""While an officer's act holds an engagement, citizens go on writing (PostgreSQL)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from participation.actions.outcomes import lock_engagement
from participation.models import Contribution, Receipt
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_receipt

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]


def test_an_officers_lock_keeps_no_citizen_waiting() -> None:
    engagement, citizen = make_engagement(), make_citizen()
    held, done = threading.Event(), threading.Event()

    def officer() -> None:
        try:
            with transaction.atomic():
                lock_engagement(engagement)
                held.set()
                done.wait(timeout=30)
        finally:
            connection.close()

    thread = threading.Thread(target=officer)
    thread.start()
    try:
        assert held.wait(timeout=30)
        with connection.cursor() as cursor:
            # Whoever had to wait for the officer would be ended by this, not by the officer.
            cursor.execute("SET lock_timeout = '3s'")
        make_receipt(engagement, account=citizen)
    finally:
        done.set()
        thread.join()
        connection.close()
    assert Contribution.objects.count() == Receipt.objects.count() == 1
