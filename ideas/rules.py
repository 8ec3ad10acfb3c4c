"""The rules of a contest in one written form, their fingerprint, and what of them changed.

Everybody can make the fingerprint again from what the page offers as a file: SHA-256 over the
UTF-8 bytes of the JSON, keys sorted, no spaces (``written``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ideas.models import ContestPage, RulesVersion
from ideas.scoring import HIGHEST, LOWEST, TIES
from ideas.voting import kind_named
from participation.actions.engagement import Schedule
from participation.models import Engagement

#: Per cent: what the jury counts where nobody votes.
FULL = 100
#: What a change of rules is called for people, by the part it is in.
PARTS: dict[str, str | Promise] = {
    "phases": _("Dates of the phases"),
    "levels": _("Who may take part"),
    "moderation": _("When a moderator reads ideas and comments"),
    "results": _("When results can be seen"),
    "standing": _("Whether it has an end"),
    "partners": _("Partner bodies"),
    "vote": _("How people vote"),
    "eligibility": _("Conditions of taking part"),
    "criteria": _("Criteria and their weights"),
    "jury": _("How the jury decides"),
    "categories": _("Categories"),
    "prizes": _("Prizes"),
    "terms": _("Terms"),
}


def rules_of(opening: Mapping[str, ContestPage], schedule: Schedule, source: str) -> dict[str, Any]:
    """What people enter under. Texts by language; dates of the source page alone."""
    page = opening[source]
    return {
        "phases": [
            {
                "key": phase.key,
                "verbs": list(phase.verbs),
                "opens_at": phase.opens_at.isoformat(),
                "closes_at": phase.closes_at.isoformat(),
            }
            for phase in schedule.phases
        ],
        "levels": {name: int(schedule.levels[name]) for name in ("submit", "comment", "vote")},
        "moderation": str(schedule.moderation_policy),
        "results": str(schedule.results_from),
        "standing": page.standing,
        **({"partners": sorted(page.partners)} if page.partners else {}),
        **({"vote": _vote(page)} if page.vote_closes_at else {}),
        **({"jury": _jury(page)} if page.jury_closes_on else {}),
        **{
            name: {language: getattr(one, name) for language, one in opening.items()}
            for name in ("eligibility", "prizes", "terms")
        },
        "criteria": [
            {
                "id": str(block.id),
                "weight": block.value["weight"],
                "name": _by_language(opening, "criteria", block.id, "name"),
                "detail": _by_language(opening, "criteria", block.id, "detail"),
            }
            for block in page.criteria
        ],
        "categories": [
            {"id": str(block.id), "name": _by_language(opening, "categories", block.id)}
            for block in page.categories
        ],
    }


def _vote(page: ContestPage) -> dict[str, Any]:
    kind = kind_named(page.vote_kind)
    said: dict[str, Any] = {"kind": kind.key, "after_own": page.vote_after_own}
    if kind.needs:
        said[kind.needs] = getattr(page, f"vote_{kind.needs}")
    return said


def _jury(page: ContestPage) -> dict[str, Any]:
    return {
        "scale": [LOWEST, HIGHEST],
        "result": "z-score",
        "equals": list(TIES),
        "weight": page.jury_share,
    }


def _by_language(
    opening: Mapping[str, ContestPage], field: str, block_id: str, name: str = ""
) -> dict[str, str]:
    found = {}
    for language, page in opening.items():
        for block in getattr(page, field):
            if str(block.id) == str(block_id):
                found[language] = str(block.value[name] if name else block.value)
    return found


def shared_weight(rules: Mapping[str, Any]) -> int | None:
    """What the jury counts beside a public vote, in per cent; None where not both decide."""
    return int(rules["jury"]["weight"]) if "jury" in rules and "vote" in rules else None


def rules_that_count(engagement: Engagement) -> tuple[RulesVersion | None, int]:
    """The version people entered under, and what the jury counts beside the vote by it.

    That is the version which stood at the opening. Where a second of jury and vote was announced
    only later, the first version that states what each counts, which none after it may change
    (``actions.contest``).
    """
    versions = list(engagement.contest.rules.order_by("number"))
    before = [one for one in versions if engagement.opens_at and one.at <= engagement.opens_at]
    entered = versions[max(len(before) - 1, 0) :]
    for version in entered:
        weight = shared_weight(version.rules)
        if weight is not None:
            return version, weight
    return (entered[0] if entered else None), FULL


def written(rules: Mapping[str, Any]) -> str:
    """The one form that is hashed and offered as a file."""
    return json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(rules: Mapping[str, Any]) -> str:
    """SHA-256 of the written form, in hexadecimal."""
    return hashlib.sha256(written(rules).encode()).hexdigest()


def changed_parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The parts that differ. A language that joins, or is away meanwhile, is no change."""
    return [name for name in PARTS if _differs(old.get(name), new.get(name))]


def _differs(old: Any, new: Any) -> bool:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if set(old) | set(new) <= {"en", "zh-hant", "zh-hans"}:
            return any(old[key] != new[key] for key in old if key in new)
        return set(old) != set(new) or any(_differs(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) != len(new) or any(map(_differs, old, new))
    return bool(old != new)
