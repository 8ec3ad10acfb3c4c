"""Publishing writes the questionnaire: one row for each block id (decision 1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from core.texts import LANGUAGES
from participation import live
from participation.models import Engagement, PublicNotice
from questionnaires.definition import Definition, QuestionDef
from questionnaires.editions import reworded_between
from questionnaires.flow import check_definition, minutes
from questionnaires.freezing import changes_refused
from questionnaires.loading import load_definition
from questionnaires.models import Option, Question, Questionnaire, Route, Section

NOTE_LIMIT = 500


@transaction.atomic
def write_questionnaire(
    *, engagement: Engagement, definition: Definition, by: Account | None, key: str = "main"
) -> Questionnaire | None:
    """Write the rows of ``definition``: made, changed, retired or closed, never deleted.

    Called by the publishing of a page, in its transaction. None when nothing is asked and nothing
    ever was. Raises ``Invalid`` (field 'questions', ``data["question"]`` the key) for a definition
    that does not hold together, and for a change that people's answers do not allow any more.
    """
    row = lock_questionnaire(engagement, key)
    if row is None and not definition.sections:
        return None
    refuse_unsound(definition)
    now = clock.now()
    old: Definition | None = None
    if row is None:
        row = Questionnaire(engagement=engagement, key=key)
    elif row.frozen_at is not None:
        old = load_definition(row)
        refuse_frozen(old, definition)
    row.intro = {**row.intro, **definition.intro} if old else dict(definition.intro)
    row.organisations = definition.organisations
    row.ask_about_you = definition.ask_about_you
    row.published_at = row.published_at or now
    row.asked = sum(question.number > 0 for question in definition.questions())
    row.minutes = minutes(definition, Route.WHOLE) if row.asked else 0
    keyed = any(question.is_key for question in definition.questions())
    row.key_minutes = minutes(definition, Route.KEY) if keyed else 0
    before = load_definition(row) if row.pk is not None and old is None else None
    row.save()
    written = _Writer(row, now, keep=old is not None).write(definition)
    if before is not None:
        _count_edition(row, before)
    notice = _announce(engagement, old, definition, now, by) if old else None
    audit.record(
        "questionnaire.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=row.public_id,
        rows=[row, *written, *([notice] if notice else [])],
    )
    return row


def lock_questionnaire(engagement: Engagement, key: str = "main") -> Questionnaire | None:
    """The questionnaire of an engagement, locked; None where nothing is asked yet.

    Publications come one after the other, and the first response, which freezes the words, before
    or after them. Whoever begins or sends answers only points to it and does not wait.
    """
    rows = Questionnaire.objects.select_for_update(no_key=True)
    return rows.filter(engagement=engagement, key=key).first()


def _count_edition(row: Questionnaire, before: Definition) -> None:
    """Words that changed make an edition: whoever answered to the old ones is asked again."""
    reworded = reworded_between(before, load_definition(row))
    if not reworded:
        return
    row.edition += 1
    row.save(update_fields=["edition"])
    row.questions.filter(block_id__in=reworded).update(edition=row.edition)


def refuse_unsound(definition: Definition) -> None:
    """Raise ``Invalid`` for the first problem of ``check_definition``."""
    for problem in check_definition(definition):
        raise Invalid(str(problem.sentence), field="questions", data={"question": problem.question})


def refuse_frozen(old: Definition, new: Definition) -> None:
    """Raise ``Invalid`` for the first change that a frozen questionnaire does not allow."""
    for fault in changes_refused(old, new):
        raise Invalid(
            fault.sentence,
            field="questions",
            code="questions_frozen",
            data={"question": fault.question},
        )


class _Writer:
    """Writes sections, questions and options; only what changed is touched.

    ``keep``: texts of languages that are not at hand now stay (the wording is frozen).
    """

    def __init__(self, questionnaire: Questionnaire, now: dt.datetime, *, keep: bool) -> None:
        self.questionnaire = questionnaire
        self.now = now
        self.keep = keep
        self.written: list[models.Model] = []

    def write(self, definition: Definition) -> list[models.Model]:
        sections = {row.block_id: row for row in self.questionnaire.sections.all()}
        wanted = [
            (
                one.key,
                {
                    "order": order,
                    "title": one.title,
                    "intro": one.intro,
                    "retired_at": None,
                },
            )
            for order, one in enumerate(definition.sections, start=1)
        ]
        self._save(Section, sections, wanted, {"questionnaire": self.questionnaire})
        self._questions(definition, sections)
        self._end(Section, sections, {key for key, _values in wanted}, "retired_at")
        return self.written

    def _questions(self, definition: Definition, sections: Mapping[str, Section]) -> None:
        known = {row.block_id: row for row in self.questionnaire.questions.all()}
        asked = [
            (section, question) for section in definition.sections for question in section.questions
        ]
        wanted = [
            (question.key, _values(question, sections[section.key], order))
            for order, (section, question) in enumerate(asked, start=1)
        ]
        self._save(Question, known, wanted, {"questionnaire": self.questionnaire})
        self._options([question for _section, question in asked], known)
        self._end(Question, known, {key for key, _values in wanted}, "retired_at")

    def _options(self, asked: Sequence[QuestionDef], rows: Mapping[str, Question]) -> None:
        known = {
            (row.question_id, row.block_id): row
            for row in Option.objects.filter(question__questionnaire=self.questionnaire)
        }
        wanted = []
        for question in asked:
            row = rows[question.key]
            for order, option in enumerate(question.options, start=1):
                before = known.get((row.pk, option.key))
                closed_at = (before.closed_at if before else None) or self.now
                wanted.append(
                    (
                        (row.pk, option.key),
                        {
                            "order": order,
                            "label": option.label,
                            "other": option.other,
                            "alone": option.alone,
                            "closed_at": closed_at if option.closed else None,
                        },
                    )
                )
        self._save(Option, known, wanted, {})
        self._end(Option, known, {key for key, _values in wanted}, "closed_at")

    def _save(
        self,
        model: type[models.Model],
        known: dict[Any, Any],
        wanted: Iterable[tuple[Any, dict[str, Any]]],
        shared: dict[str, Any],
    ) -> None:
        new, changed, names = [], [], set()
        for key, values in wanted:
            row = known.get(key)
            if row is None:
                own = (
                    {"question_id": key[0], "block_id": key[1]}
                    if isinstance(key, tuple)
                    else {"block_id": key}
                )
                known[key] = model(**own, **shared, **values)
                new.append(known[key])
                continue
            touched = False
            for name, value in values.items():
                before = getattr(row, name)
                if self.keep and isinstance(value, Mapping) and isinstance(before, Mapping):
                    value = merged(before, value)  # noqa: PLW2901
                if before != value:
                    setattr(row, name, value)
                    names.add(name)
                    touched = True
            if touched:
                changed.append(row)
        manager = model._default_manager
        manager.bulk_create(new)
        if changed:
            manager.bulk_update(changed, sorted(names), batch_size=200)
        self.written += [*new, *changed]

    def _end(
        self, model: type[models.Model], known: Mapping[Any, Any], seen: set[Any], name: str
    ) -> None:
        """What has no block any more: retired or closed, kept for the answers it has."""
        gone = [row for key, row in known.items() if key not in seen and getattr(row, name) is None]
        if model is Option:
            # The options of a retired question stay as they were: it is not asked as a whole.
            asked = {key[0] for key in seen}
            gone = [row for row in gone if row.question_id in asked]
        for row in gone:
            setattr(row, name, self.now)
        if gone:
            model._default_manager.bulk_update(gone, [name], batch_size=200)
        self.written += gone


def merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """``now`` with what ``before`` has besides, one level of texts deep."""
    result = dict(before)
    for name, value in now.items():
        known = result.get(name)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        result[name] = merged(known, value) if both else value  # type: ignore[arg-type]
    return result


def _values(question: QuestionDef, section: Section, order: int) -> dict[str, Any]:
    return {
        "section": section,
        "anchor": question.anchor,
        "order": order,
        "number": question.number,
        "kind": question.kind,
        "title": dict(question.title),
        "hint": dict(question.hint),
        "background": dict(question.background),
        "required": question.required,
        "reason": dict(question.reason),
        "is_key": question.is_key,
        "settings": dict(question.settings),
        "condition": question.condition.to_json(),
        "retired_at": None,
    }


# --- after freezing: announced changes and corrections --------------------------------------------


def _announce(
    engagement: Engagement,
    old: Definition,
    new: Definition,
    now: dt.datetime,
    by: Account | None,
) -> PublicNotice | None:
    """Say in public what a frozen questionnaire stopped asking or offering, or offers again."""
    after = {one.key: one for one in new.questions()}
    gone = [one for one in old.questions() if one.key not in after]
    turned = [
        one
        for one in old.questions()
        if one.key in after and _closed(one) != _closed(after[one.key])
    ]
    if not gone and not turned:
        return None
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = " ".join(
                [*(_gone(one) for one in gone), *(_turned(one, after) for one in turned)]
            )
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind="corrected",
        text=texts,
        data={"questions": [one.anchor for one in (*gone, *turned)], "by_rule": True},
        at=now,
        by=by,
    )
    jobs.enqueue("participation.tell_readers", "corrected", notice.pk)
    return notice


def _closed(question: QuestionDef) -> set[str]:
    return {one.key for one in question.options if one.closed}


def _gone(question: QuestionDef) -> str:
    return _("Question %(number)d is no longer asked.") % {"number": question.number}


def _turned(question: QuestionDef, after: Mapping[str, QuestionDef]) -> str:
    before, now = _closed(question), _closed(after[question.key])
    said = {"number": question.number}
    parts = []
    if now - before:
        count = len(now - before)
        parts.append(
            ngettext(
                "%(count)d option of question %(number)d was closed.",
                "%(count)d options of question %(number)d were closed.",
                count,
            )
            % {**said, "count": count}
        )
    if before - now:
        count = len(before - now)
        parts.append(
            ngettext(
                "%(count)d option of question %(number)d is open again.",
                "%(count)d options of question %(number)d are open again.",
                count,
            )
            % {**said, "count": count}
        )
    return " ".join(parts)


@transaction.atomic
def correct_question(
    *, questionnaire: Questionnaire, anchor: str, text: Mapping[str, str], by: Account
) -> PublicNotice:
    """Say in public what was wrong with a question; its words and its answers stay.

    ``text`` is by language, the engagement's source language at least. Raises ``Invalid`` without
    it or for another questionnaire's question, ``Conflict`` before anybody answered: then the
    words themselves can be changed.
    """
    limits.spend("desk_write", by.public_id)
    row = (
        Questionnaire.objects.select_for_update(of=("self",))
        .select_related("engagement")
        .get(pk=questionnaire.pk)
    )
    if row.frozen_at is None:
        raise Conflict(_("Nobody has answered yet, so change the words themselves."))
    question = row.questions.filter(anchor=anchor, retired_at=None).first()
    if question is None:
        raise Invalid(_("Choose a question."), field="question")
    said = {
        language: clean_text(words, max_length=NOTE_LIMIT, field="text")
        for language, words in text.items()
        if language in LANGUAGES and words and words.strip()
    }
    engagement = row.engagement
    if not said.get(engagement.source_language):
        raise Invalid(_("Write the correction: everybody reads it."), field="text")
    notice = PublicNotice.objects.create(
        engagement=engagement,
        kind="corrected",
        text=said,
        data={"questions": [question.anchor], "numbers": [question.number]},
        at=clock.now(),
        by=by,
    )
    audit.record(
        "questionnaire.correct",
        actor=by,
        engagement_id=engagement.public_id,
        subject=row.public_id,
        rows=[notice],
    )
    live.restaged(engagement)
    jobs.enqueue("participation.tell_readers", "corrected", notice.pk)
    return notice
