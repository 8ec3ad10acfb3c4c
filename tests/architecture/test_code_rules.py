"""Rules of the code that a type checker does not know, each with a planted fault."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, EDGES, ROOT, modules, parse, place

# Views that take posts without our token, each with its reason.
CSRF_EXEMPT_ALLOWED: dict[str, str] = {
    # A mail program presses "unsubscribe" for its reader and has no page of ours (RFC 8058).
    "site/participation/views/unsubscribe.py": "one-click unsubscribe",
    "site/participation/views/follow.py": "one-click unsubscribe",
    "site/participation/views/follows.py": "one-click unsubscribe",
    "site/notifications/views.py": "one-click unsubscribe",
    "search/saved/views.py": "one-click unsubscribe",
}


def bare_fetches(tree: ast.Module) -> list[ast.AST]:
    """Calls that fetch one row past ``access_*``: get_object_or_404 and manager ``.get(``."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = getattr(function, "id", getattr(function, "attr", ""))
        if name in {"get_object_or_404", "get_list_or_404", "aget_object_or_404"} or (
            isinstance(function, ast.Attribute)
            and name in {"get", "aget"}
            and re.search(r"\bobjects\b", ast.unparse(function.value))
        ):
            found.append(node)
    return found


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("get_object_or_404(Engagement, pk=1)", 1),
        ("Engagement.objects.get(pk=pk)", 1),
        ("Engagement.objects.filter(open=True).get(pk=pk)", 1),
        ("request.POST.get('pk')", 0),
        ("access_engagement(reader=None, public_id=public_id)", 0),
    ],
)
def test_the_rule_of_fetching_sees(source, faults):
    assert len(bare_fetches(ast.parse(source))) == faults


def test_edges_fetch_through_access_functions():
    faults = [place(path, node) for path in modules(*EDGES) for node in bare_fetches(parse(path))]
    assert faults == []


def people_past_access(tree: ast.Module) -> list[ast.AST]:
    """Calls that look an account or person up by a column of its own."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in {"first", "afirst", "get", "aget"}
        and re.search(r"\b(Account|Person)\.objects\b", ast.unparse(node.func))
    ]


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("Account.objects.filter(email_canonical=typed).first()", 1),
        ("Person.objects.get(pk=1)", 1),
        ("engagement.phases.filter(open=True).first()", 0),
        ("access_account_by_email(typed, by=by)", 0),
    ],
)
def test_the_rule_of_people_sees(source, faults):
    assert len(people_past_access(ast.parse(source))) == faults


def test_views_find_people_through_access_functions():
    """An operator's command asks nobody's leave; everything else at an edge does."""
    files = [path for path in modules(*EDGES) if "management" not in path.parts]
    assert [place(path, node) for path in files for node in people_past_access(parse(path))] == []


def test_no_view_takes_posts_without_a_token_unless_listed():
    used = {
        str(path.relative_to(ROOT))
        for path in modules()
        if re.search(r"\bcsrf_exempt\b", path.read_text(encoding="utf-8"))
    }
    assert used <= set(CSRF_EXEMPT_ALLOWED)


def generic_relations(tree: ast.Module) -> list[ast.AST]:
    """Uses of generic foreign keys, which no constraint can hold."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and getattr(node, "id", getattr(node, "attr", ""))
        in {"GenericForeignKey", "GenericRelation"}
    ]


def test_nothing_citizens_write_hangs_on_a_generic_relation():
    faults = [
        place(path, node) for path in modules("models") for node in generic_relations(parse(path))
    ]
    assert faults == []


def silent_catches(tree: ast.Module) -> list[ast.AST]:
    """``except Exception: pass``, which hides what it should tell."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(child, ast.Pass) for child in node.body)
    ]


def test_no_error_is_swallowed_whole():
    assert silent_catches(ast.parse("try:\n    act()\nexcept Exception:\n    pass\n"))
    faults = [place(path, node) for path in modules() for node in silent_catches(parse(path))]
    assert faults == []


def test_no_query_is_built_from_strings():
    """No f-string and no % or + goes into raw SQL (the peers' injections came that way)."""
    faults = []
    for path in modules():
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            built = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            if name in {"raw", "extra", "RawSQL"} and built:
                faults.append(place(path, node))
    assert faults == []


def test_actions_take_keywords_only():
    """A write's arguments are named where it is called, so that two ids never change places."""
    faults = []
    for app in APPS:
        for path in modules("actions"):
            if not path.is_relative_to(ROOT / app):
                continue
            for node in parse(path).body:
                if (
                    isinstance(node, ast.FunctionDef)
                    and not node.name.startswith("_")
                    and any("atomic" in ast.unparse(mark) for mark in node.decorator_list)
                    and len(node.args.args) > 1
                ):
                    faults.append(f"{place(path, node)} {node.name}")
    assert faults == []


def test_no_path_of_a_machine_is_in_the_code():
    faults = [
        str(path.relative_to(ROOT))
        for path in modules()
        if re.search(r"['\"]/(work|home|root)/", Path(path).read_text(encoding="utf-8"))
    ]
    assert faults == []
