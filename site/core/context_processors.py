"""What every template may use without asking."""

from django.http import HttpRequest

from core.navigation import Shell


def shell(request: HttpRequest) -> dict[str, Shell]:
    """``shell``: language, switcher, navigation, footer; lazy."""
    return {"shell": Shell(request)}
