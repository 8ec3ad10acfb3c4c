from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground: audit, clock, text, limits, jobs, schedule, errors, base pages."""

    name = "core"
    verbose_name = "Ground"
