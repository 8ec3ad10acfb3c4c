"""Standard questions taken into a draft, with their words in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Account
from consultations.actions.paper import after_draft_saved
from consultations.actions.translation import save_translations
from consultations.models import ConsultationPage, Submission
from consultations.questions import frozen_definition
from consultations.translation import sentences, targets
from core.exceptions import Conflict, Invalid
from core.texts import LANGUAGES
from questionnaires.bank import block_of, standard
from questionnaires.definition import QUESTION_LIMIT, Texts


@transaction.atomic
def take_from_bank(
    *, page: ConsultationPage, keys: Sequence[str], section: str, by: Account
) -> int:
    """Add the standard questions ``keys`` to the newest draft; returns how many.

    ``page`` is the source page. They go to the end of the section of that block id, or into a new
    one when there is none. Raises ``Invalid`` when nothing known was chosen, ``Conflict`` while
    the paper waits for approval and once people have answered.
    """
    if Submission.objects.waiting_for(page.translation_key):
        raise Conflict(_("It waits for approval. Take it back first."))
    if frozen_definition(page.engagement) is not None:
        raise Conflict(
            _("People have answered, so no question can be added. Ask it in another consultation.")
        )
    chosen = [found for key in dict.fromkeys(keys) if (found := standard(key)) is not None]
    if not chosen:
        raise Invalid(_("Choose at least one question."), field="keys")
    draft: ConsultationPage = page.get_latest_revision_as_object()
    stream: list[dict[str, Any]] = list(draft.questions.get_prep_value())
    if sum(len(one["value"]["questions"]) for one in stream) + len(chosen) > QUESTION_LIMIT:
        raise Invalid(_("There are too many questions."), field="keys")
    words: dict[str, Texts] = {}
    target = next((one for one in stream if one["id"] == section), None)
    if target is None:
        target, heading = _new_section(page.language)
        words[f"questions.{target['id']}.title"] = heading
        stream.append(target)
    for question in chosen:
        block, texts = block_of(question, page.language)
        target["value"]["questions"].append(block)
        base = f"questions.{target['id']}.questions"
        words.update({f"{base}.{path}": one for path, one in texts.items()})
    draft.questions = draft.questions.stream_block.to_python(stream)
    draft.save_revision(user=by, clean=False)
    page.refresh_from_db()
    after_draft_saved(page=page, by=by)
    _translate(page, words, by)
    return len(chosen)


def _new_section(language: str) -> tuple[dict[str, Any], Texts]:
    heading = {}
    for code in LANGUAGES:
        with override(code):
            heading[code] = _("A few general questions")
    block = {
        "type": "section",
        "id": str(uuid4()),
        "value": {"title": heading[language], "intro": "", "questions": []},
    }
    return block, heading


def _translate(page: ConsultationPage, words: Mapping[str, Texts], by: Account) -> None:
    """Write the known words of what was taken; Simplified is drafted from Traditional by itself."""
    rows = [one for one in sentences(page) if one.path in words]
    for language in targets(page):
        if language == "zh-hans":
            continue
        texts = {
            one.key: words[one.path][language] for one in rows if one.versions[language].is_missing
        }
        if texts:
            save_translations(page=page, language=language, texts=texts, by=by)
