"""What an officer does with a round: lets points go, plans whom to invite, draws, reads figures."""

from __future__ import annotations

from tests.e2e.made_rounds import email_of
from tests.e2e.walker import Walker


def sign_in(walker: Walker, role: str, to: str) -> None:
    """As an officer of this walk, arriving at ``to``."""
    from tests.e2e.made import PASSWORD

    walker.sign_in_by_password(email_of(role, walker.language), PASSWORD, to)


def let_points_go(walker: Walker, email: str, step: str) -> None:
    """What was tried is looked at, not by whom, and accepted."""
    page = walker.page
    walker.look("round-desk")
    walker.press("main a[href$='/try/review/']")
    walker.look("waiting")
    walker.press("main .hk-card a")
    walker.look("decide")
    assert step in walker.words()
    assert email not in page.content()
    page.check("#decide [name=verdict][value=accept]")
    walker.press("#decide button[type=submit]")


def draw(walker: Walker, round_id: str, *, age: str, number: int, email: str) -> None:
    """Numbers, never names: a quota of everybody of one age, whose sum has to be right."""
    page = walker.page
    walker.go(f"e/{round_id}/volunteers/")
    walker.look("panel-desk")
    walker.press("main a[href$='/volunteers/age/']")
    walker.look("plan")
    page.fill(f"#plan [name='{age}']", str(number))
    page.fill("#plan [name=total]", str(number - 1))
    walker.press("#plan button[type=submit]")
    assert page.locator(".govuk-error-summary").count() == 1
    walker.look("plan-refused")
    page.fill("#plan [name=total]", str(number))
    walker.press("#plan button[type=submit]")
    walker.look("planned")
    walker.press("#draw button[type=submit]")
    walker.look("drawn")
    assert email not in walker.words("html")


def read_desk(walker: Walker, round_id: str) -> None:
    """Who was invited, began and handed in; how the quotas are filled."""
    walker.go(f"e/{round_id}/try/desk/")
    walker.look("round-desk-after")
    walker.go(f"e/{round_id}/volunteers/")
    walker.look("panel-desk-after")
