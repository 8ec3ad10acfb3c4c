"""The cells a quota is written in: by age, by device, or by both."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from crowdtasks.panel.facets import AGES, DEVICES

_AND = "+"


class By(models.TextChoices):
    """What a quota counts."""

    AGE = "age", _("Age groups")
    DEVICE = "device", _("Devices")
    BOTH = "both", _("Age groups on each device")


def cells_by(by: str) -> list[str]:
    """Every cell, in the order pages show them. Raises ValueError for another word."""
    if by == By.AGE:
        return list(AGES)
    if by == By.DEVICE:
        return list(DEVICES)
    if by == By.BOTH:
        return [f"{age}{_AND}{device}" for device in DEVICES for age in AGES]
    raise ValueError(f"No such cells: {by!r}")


def cells_of(by: str, age: str, devices: Iterable[str]) -> tuple[str, ...]:
    """The cells somebody belongs to: several where they use several devices."""
    if by == By.AGE:
        return (age,)
    if by == By.DEVICE:
        return tuple(devices)
    return tuple(f"{age}{_AND}{device}" for device in devices)


def device_of(cell: str) -> str:
    """The device a cell stands for; "" where it is of an age."""
    device = cell.rpartition(_AND)[2]
    return device if device in DEVICES else ""


def words_of(cell: str) -> str:
    """What a cell is called, in the active language."""
    age, _and, device = cell.partition(_AND)
    if not device:
        return str(AGES.get(cell) or DEVICES.get(cell) or cell)
    return pgettext("cell of a quota", "%(device)s, %(age)s") % {
        "device": DEVICES.get(device, device),
        "age": AGES.get(age, age),
    }
