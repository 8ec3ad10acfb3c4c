"""Template words of participation. Load with ``{% load participation %}``."""

from django import template

from moderation.rules import RULES, Rule

register = template.Library()


@register.filter
def house_rule(rule_id: str) -> Rule | None:
    """The house rule of a decision, with its label by language."""
    return RULES.get(rule_id)
