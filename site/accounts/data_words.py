"""A person's own data in the reader's words, for the page that shows it.

The file keeps the short keys and codes that programs read. The page says the same with labels,
Hong Kong dates and the words that the rest of the site uses. A key or code that has no word yet is
shown as it is: what is held is never left out for want of a word.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy

from accounts.models import Level
from core.dates import format_datetime
from core.texts import LANGUAGES, pick

Row = tuple[str, str]


LABELS: Mapping[str, str | Promise] = {
    "about": pgettext_lazy("own data", "About"),
    "about_you": pgettext_lazy("own data", "About you"),
    "accepted_at": pgettext_lazy("own data", "Accepted"),
    "address": pgettext_lazy("own data", "E-mail address"),
    "age": pgettext_lazy("own data", "Age group"),
    "answer": pgettext_lazy("own data", "Answer"),
    "answers": pgettext_lazy("own data", "Answer"),
    "appeal": pgettext_lazy("own data", "What you said to it"),
    "appointed_at": pgettext_lazy("own data", "Appointed"),
    "at": pgettext_lazy("own data", "When"),
    "ballot": pgettext_lazy("own data", "Number of the statement"),
    "begun_at": pgettext_lazy("own data", "Begun"),
    "award_state": pgettext_lazy("own data", "State"),
    "bureau": pgettext_lazy("own data", "Bureau"),
    "capacity": pgettext_lazy("own data", "Who you answered for"),
    "cast_at": pgettext_lazy("own data", "Last chosen"),
    "category": pgettext_lazy("own data", "Category"),
    "channel": pgettext_lazy("own data", "Channel"),
    "choice": pgettext_lazy("own data", "Choice"),
    "choices": pgettext_lazy("own data", "Choice"),
    "build": pgettext_lazy("own data", "Build"),
    "claimed_at": pgettext_lazy("own data", "Place taken"),
    "code": pgettext_lazy("own data", "Receipt code"),
    "collected_at": pgettext_lazy("own data", "Collected"),
    "comment": pgettext_lazy("own data", "Number of the comment"),
    "confirmed_at": pgettext_lazy("own data", "Confirmed"),
    "conflicts": pgettext_lazy("own data", "Conflict of interest"),
    "consent_version": pgettext_lazy("own data", "Version of the consent"),
    "contribution": pgettext_lazy("own data", "Number of the entry"),
    "counted": pgettext_lazy("own data", "Counted"),
    "created_at": pgettext_lazy("own data", "When"),
    "criterion": pgettext_lazy("own data", "Criterion"),
    "decided_at": pgettext_lazy("own data", "Decided"),
    "decisions": pgettext_lazy("own data", "Decision of the bureau"),
    "declared_at": pgettext_lazy("own data", "Declared"),
    "description": pgettext_lazy("own data", "Description"),
    "district": pgettext_lazy("own data", "District"),
    "edited_at": pgettext_lazy("own data", "Edited"),
    "ended_at": pgettext_lazy("own data", "Ended"),
    "difficulty": pgettext_lazy("own data", "Difficulty, 7 is very easy"),
    "device": pgettext_lazy("own data", "Device and browser"),
    "expected": pgettext_lazy("own data", "What you expected"),
    "finding_state": pgettext_lazy("own data", "Where it stands"),
    "happened": pgettext_lazy("own data", "What happened"),
    "mended_in": pgettext_lazy("own data", "Mended in build"),
    "severity": pgettext_lazy("own data", "How bad it was"),
    "engagement": pgettext_lazy("own data", "Number of the consultation"),
    "finished_at": pgettext_lazy("own data", "Handed in"),
    "for": pgettext_lazy("own data", "Receipt for"),
    "gender": pgettext_lazy("own data", "Gender"),
    "given": pgettext_lazy("own data", "What was chosen, with what was given to each"),
    "id": pgettext_lazy("own data", "Number"),
    "idea": pgettext_lazy("own data", "Number of the idea"),
    "in_reply_to": pgettext_lazy("own data", "In reply to"),
    "invited_at": pgettext_lazy("own data", "Invited"),
    "judgements": pgettext_lazy("own data", "Judgement"),
    "kept_until": pgettext_lazy("own data", "Kept until"),
    "kind": pgettext_lazy("own data", "Kind"),
    "language": pgettext_lazy("own data", "Language"),
    "led_by": pgettext_lazy("own data", "Led by"),
    "level": pgettext_lazy("own data", "How you were known"),
    "looked_at_because": pgettext_lazy("own data", "Looked at because"),
    "mailed_at": pgettext_lazy("own data", "Mailed"),
    "mark": pgettext_lazy("own data", "Mark"),
    "marks": pgettext_lazy("own data", "Mark"),
    "name": pgettext_lazy("own data", "Name"),
    "name_state": pgettext_lazy("own data", "State of the name"),
    "name_withheld": pgettext_lazy("own data", "Name withheld"),
    "note": pgettext_lazy("own data", "Note"),
    "number": pgettext_lazy("own data", "Number"),
    "on": pgettext_lazy("own data", "On"),
    "organisation": pgettext_lazy("own data", "Organisation"),
    "paper_version": pgettext_lazy("own data", "Version of the paper"),
    "path": pgettext_lazy("own data", "Address"),
    "place": pgettext_lazy("own data", "Place"),
    "point": pgettext_lazy("own data", "Point on the map"),
    "points": pgettext_lazy("own data", "Points"),
    "points_available": pgettext_lazy("own data", "Points to spend"),
    "points_entry": pgettext_lazy("own data", "What happened"),
    "points_held": pgettext_lazy("own data", "Points held"),
    "points_left": pgettext_lazy("own data", "Points to spend afterwards"),
    "points_lines": pgettext_lazy("own data", "Line"),
    "points_pending": pgettext_lazy("own data", "Points held in all"),
    "points_reviewed": pgettext_lazy("own data", "Waits for a review"),
    "points_spent_on": pgettext_lazy("own data", "Spent on"),
    "points_to_available": pgettext_lazy("own data", "Points to spend, change"),
    "points_to_pending": pgettext_lazy("own data", "Points held, change"),
    "public": pgettext_lazy("own data", "Public"),
    "publish_choice": pgettext_lazy("own data", "Who may read it"),
    "published_at": pgettext_lazy("own data", "Published"),
    "question": pgettext_lazy("own data", "Question"),
    "read_at": pgettext_lazy("own data", "Read"),
    "reason": pgettext_lazy("own data", "Reason"),
    "redeemed_at": pgettext_lazy("own data", "Redeemed"),
    "redemption_state": pgettext_lazy("own data", "State"),
    "reward": pgettext_lazy("own data", "Reward"),
    "received_at": pgettext_lazy("own data", "Received"),
    "removed_at": pgettext_lazy("own data", "Removed"),
    "replies": pgettext_lazy("own data", "Official reply"),
    "response": pgettext_lazy("own data", "Number of the response"),
    "reward_claimed_at": pgettext_lazy("own data", "Points taken"),
    "route": pgettext_lazy("own data", "Questions chosen"),
    "rule": pgettext_lazy("own data", "House rule"),
    "saved_at": pgettext_lazy("own data", "Last saved"),
    "sentence": pgettext_lazy("own data", "Words of the moderator"),
    "sha256": pgettext_lazy("own data", "Fingerprint (SHA-256)"),
    "shown_name": pgettext_lazy("own data", "Name shown"),
    "signing": pgettext_lazy("own data", "Chosen for sending"),
    "ready_reason": pgettext_lazy("own data", "Reason"),
    "screened": pgettext_lazy("own data", "Screening"),
    "search_every": pgettext_lazy("own data", "How often you are told"),
    "search_words": pgettext_lazy("own data", "Words you searched for"),
    "seconds": pgettext_lazy("own data", "Seconds it took"),
    "side": pgettext_lazy("own data", "Side"),
    "since": pgettext_lazy("own data", "Since"),
    "size": pgettext_lazy("own data", "Size in bytes"),
    "standing": pgettext_lazy("own data", "Standing"),
    "state": pgettext_lazy("own data", "State"),
    "shown_at": pgettext_lazy("own data", "Code shown"),
    "status": pgettext_lazy("own data", "Status"),
    "step": pgettext_lazy("own data", "Step"),
    "steps": pgettext_lazy("own data", "Step"),
    "submitted_at": pgettext_lazy("own data", "Submitted"),
    "tags": pgettext_lazy("own data", "Tags"),
    "task_state": pgettext_lazy("own data", "Task"),
    "task_verdict": pgettext_lazy("own data", "Decision"),
    "tried_steps": pgettext_lazy("own data", "Steps"),
    "went": pgettext_lazy("own data", "How it went"),
    "text": pgettext_lazy("own data", "Text"),
    "text_state": pgettext_lazy("own data", "State of the text"),
    "title": pgettext_lazy("own data", "Title"),
    "type": pgettext_lazy("own data", "Type"),
    "until": pgettext_lazy("own data", "Until"),
    "verdict": pgettext_lazy("own data", "Decision"),
    "invitation_state": pgettext_lazy("own data", "State"),
    "booked_at": pgettext_lazy("own data", "Booked"),
    "booking_state": pgettext_lazy("own data", "State"),
    "moved_up_at": pgettext_lazy("own data", "Moved up from the waiting list"),
    "session_begins_at": pgettext_lazy("own data", "Session begins"),
    "session_kind": pgettext_lazy("own data", "Session"),
    "round_sessions": pgettext_lazy("own data", "Session"),
    "round_quota": pgettext_lazy("own data", "Invited as"),
    "volunteer_age": pgettext_lazy("own data", "Age group"),
    "volunteer_assistive": pgettext_lazy("own data", "Aids used"),
    "volunteer_devices": pgettext_lazy("own data", "Devices"),
    "volunteer_district": pgettext_lazy("own data", "District"),
    "volunteer_languages": pgettext_lazy("own data", "Languages spoken"),
    "joined_at": pgettext_lazy("own data", "Volunteer since"),
    "told_at": pgettext_lazy("own data", "Told that it will be erased"),
    "version": pgettext_lazy("own data", "Version"),
    "versions": pgettext_lazy("own data", "Version"),
    "what": pgettext_lazy("own data", "What"),
    "with": pgettext_lazy("own data", "Followed with"),
}

_YES, _NO = pgettext_lazy("own data", "Yes"), pgettext_lazy("own data", "No")
_STATES: Mapping[str, Any] = {
    "withdrawn": pgettext_lazy("own data", "withdrawn"),
    "withheld": pgettext_lazy("own data", "withheld"),
    "held": pgettext_lazy("own data", "waits for a moderator"),
    "confidential": pgettext_lazy("own data", "for the bureau only"),
    "published": pgettext_lazy("own data", "public"),
    "none": pgettext_lazy("own data", "nothing to publish"),
}
#: What the codes below a key mean: a word, or a text by language.
_values: dict[str, Mapping[str, Any]] = {
    "kind": {
        "comment": pgettext_lazy("own data", "comment"),
        "statement": pgettext_lazy("own data", "statement"),
        "response": pgettext_lazy("own data", "response"),
        "answer": pgettext_lazy("own data", "answer"),
        "name": pgettext_lazy("own data", "display name"),
        "decision": pgettext_lazy("own data", "a moderator's decision"),
        "receipt": pgettext_lazy("own data", "receipt"),
        "reply": pgettext_lazy("own data", "reply"),
        "opened": pgettext_lazy("own data", "opening"),
        "extended": pgettext_lazy("own data", "extension"),
        "heard": pgettext_lazy("own data", "what was heard"),
        "outcome": pgettext_lazy("own data", "outcome"),
    },
    "channel": {
        "web": pgettext_lazy("own data", "this website"),
        "email": pgettext_lazy("own data", "e-mail"),
        "paper": pgettext_lazy("own data", "on paper"),
        "booth": pgettext_lazy("own data", "booth"),
        "phone": pgettext_lazy("own data", "telephone"),
        "event": pgettext_lazy("own data", "event"),
        "import": pgettext_lazy("own data", "import"),
    },
    "publish_choice": {
        "name": pgettext_lazy("own data", "everybody, under the display name"),
        "alias": pgettext_lazy("own data", "everybody, under another name"),
        "confidential": pgettext_lazy("own data", "only the bureau"),
    },
    "state": _STATES,
    "text_state": _STATES,
    "name_state": _STATES,
    "standing": {
        "current": pgettext_lazy("own data", "counts now"),
        "waiting": pgettext_lazy("own data", "waits for a moderator"),
        "earlier": pgettext_lazy("own data", "earlier"),
    },
    "verdict": {
        "publish": pgettext_lazy("own data", "made public"),
        "withhold": pgettext_lazy("own data", "withheld"),
    },
    "choice": {
        "1": pgettext_lazy("own data", "agree"),
        "0": pgettext_lazy("own data", "pass"),
        "-1": pgettext_lazy("own data", "disagree"),
    },
    "with": {
        "account": pgettext_lazy("own data", "the account"),
        "address": pgettext_lazy("own data", "the e-mail address alone"),
    },
    "for": {
        "contribution": pgettext_lazy("own data", "what you sent"),
        "votes": pgettext_lazy("own data", "votes on statements"),
    },
    "capacity": {
        "individual": pgettext_lazy("own data", "yourself"),
        "organisation": pgettext_lazy("own data", "an organisation"),
    },
    "route": {
        "key": pgettext_lazy("own data", "key questions"),
        "whole": pgettext_lazy("own data", "all questions"),
    },
    "language": {"en": "English", "zh-hant": "繁體中文", "zh-hans": "简体中文"},
    "level": {str(level.value): level.label for level in Level},
}
_values["what"] = _values["kind"]
_MOMENTS = frozenset({"at", "kept_until", "since", "until"})


def register_values(key: str, words: Mapping[str, Any]) -> None:
    """Say what the codes below ``key`` mean, for a room whose words these are."""
    _values[key] = words


def entries(value: Any) -> list[list[Row]]:
    """One list of labels and values for each thing held; what is empty is left out."""
    parts = value if isinstance(value, list) else [value]
    found = [list(_rows(part, "", "")) for part in parts]
    return [rows for rows in found if rows]


def _rows(value: Any, key: str, label: str) -> Iterable[Row]:
    """The rows of one value below its label."""
    if isinstance(value, dict) and not (value and set(value) <= set(LANGUAGES)):
        for name, part in value.items():
            below = str(LABELS.get(name, name))
            yield from _rows(part, name, f"{label} – {below}" if label else below)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            named = {"name": label, "number": number}
            yield from _rows(part, key, pgettext("own data", "%(name)s %(number)s") % named)
    elif value not in (None, "", {}):
        yield label, _said(value, key)


def _said(value: Any, key: str) -> str:
    """One value in words."""
    if isinstance(value, dict):
        return str(pick(value))
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if isinstance(value, str) and (key in _MOMENTS or key.endswith("_at")):
        try:
            return format_datetime(datetime.fromisoformat(value), get_language() or "en")
        except ValueError:
            return value
    meant = _values.get(key, {}).get(str(value), value)
    return str(pick(meant)) if isinstance(meant, dict) else str(meant)
