"""Points are earned for a part that was handed in, and for nothing else: no referral pays (P8)."""

import ast

import pytest

from tests.architecture.sources import ROOT, modules, parse

LEDGER = "crowdtasks/ledger/"
EARN = "earn"


def earns(tree: ast.Module) -> list[ast.AST]:
    """Where the ledger's action is called, passed on or fetched by its name."""
    return [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == EARN)
        or (isinstance(node, ast.Name) and node.id == EARN)
        or (isinstance(node, ast.ImportFrom) and any(each.name == EARN for each in node.names))
        or (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "getattr"
            and any(isinstance(each, ast.Constant) and each.value == EARN for each in node.args)
        )
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("ledger.earn(person=inviter, points=5)", 1),
        ("from crowdtasks.ledger.actions import earn", 1),
        ("from crowdtasks.ledger.actions.earning import earn as pay", 1),
        ("retried(ledger.earn)", 1),
        ('getattr(ledger, "earn")(person=inviter)', 1),
        ("ledger.release(entry_key=part.key)", 0),
        ("kind == EntryKind.EARN", 0),
    ],
)
def test_a_second_caller_would_be_found(source: str, found: int) -> None:
    assert len(earns(ast.parse(source))) == found


def test_one_place_earns_points() -> None:
    """The ledger defines it and hands it out in its package; one module of the room calls it."""
    callers = [
        place
        for path in modules()
        if earns(parse(path))
        for place in [str(path.relative_to(ROOT))]
        if place != f"{LEDGER}actions/__init__.py"
    ]
    assert callers == ["crowdtasks/actions/giving.py"]
