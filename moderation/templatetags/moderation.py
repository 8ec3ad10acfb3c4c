"""Words of moderation for templates of every room."""

from __future__ import annotations

from django import template

from moderation.rules import RULES

register = template.Library()


@register.filter
def rule_label(rule_id: str) -> str:
    """The label of a house rule in the active language; an id nobody knows is shown as it is."""
    rule = RULES.get(rule_id)
    return rule.shown.text if rule else rule_id
