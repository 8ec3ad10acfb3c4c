"""vtaiwan.uberx reported in full, statement by statement, against the answers of its files."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Role
from core import clock
from feedback.summary import summary
from participation.models import Engagement
from tests.factories.engagements import grant, make_account, make_bureau
from tests.factories.reports import take

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
FOLDER = DATA / "polis" / "vtaiwan.uberx"

pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_the_report_says_what_the_source_says():
    if not FOLDER.is_dir():
        reason = f"{FOLDER.name} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    out = StringIO()
    bureau = make_bureau("TD")
    call_command("import_polis", str(FOLDER), bureau="TD", stdout=out)
    done = json.loads(out.getvalue().splitlines()[-1])
    engagement = Engagement.objects.get(public_id=done["consultation"])
    officer = make_account()
    grant(officer, Role.OFFICER, bureau)
    snapshot = take(engagement, officer)
    section = next(one for one in snapshot.data["sections"] if one["key"] == "statements")
    told = {
        one["import_id"]: (one["agree"], one["disagree"], one["pass"])
        for one in section["figures"]["statements"]
    }
    assert len(told) == expected["counts"]["comments"]
    assert told == {
        str(each["comment_id"]): (each["agree"], each["disagree"], each["pass"])
        for each in expected["per_comment"]
    }
    totals = expected["totals_latest"]
    assert tuple(map(sum, zip(*told.values(), strict=True))) == (
        totals["agree"],
        totals["disagree"],
        totals["pass"],
    )
    assert section["figures"]["voters"] == expected["counts"]["distinct_voters"]
    rows = {row[-1]: tuple(row[1:4]) for row in section["tables"][0]["rows"]}
    assert rows == told
    assert summary(engagement, now=clock.now())["statements"] == section["figures"]["statements"]
    assert set(snapshot.files.values_list("format", flat=True)) >= {"json", "csv", "xlsx"}
