"""ADR 16: what a request can set going spends a limit, and every limit is spent somewhere.

Read from the source: an action is a public function of an ``actions`` module; it writes when it (or
what it calls there) opens a transaction or saves, and it is limited when it (or what it calls
there) calls ``limits.spend``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.limits import KAIFONG_LIMITS
from tests.architecture.sources import ROOT, app_of, modules, package_of

#: Parts of an app that no request sets going, each with its reason.
NOT_REQUESTS = {
    "actions": "an action that calls another one spends for both, or is asked about itself",
    "apps": "registers at the start",
    "demo": "a command of the operator",
    "entry_targets": "called back by moderation.actions.decide, which spends",
    "face": "called back by the desk's actions, which spend",
    "face_round": "called back by the desk's actions, which spend",
    "gate": "called back by the actions of questionnaires and participation, which spend",
    "importing": "a command of the operator",
    "management": "commands of the operator",
    "models": "the account's manager, for createsuperuser",
    "outcome_targets": "called back by participation.actions.outcomes, which spends",
    "moderation_targets": "called back by moderation.actions.decide, which spends",
    "name_targets": "called back by moderation.actions.decide, which spends",
    "own_data": "called back by accounts.actions.close_account, which spends",
    "people": "called back by the actions of accounts that mail",
    "result_part": "called back by participation.actions.outcomes, which spends",
    "signal_handlers": "called in the transaction of the action that sent the signal",
    "tasks": "jobs and the schedule",
}
#: Actions a request reaches and that spend nothing, each with its reason.
EXCEPTIONS = {
    "accounts.actions.signin.note_sign_out": (
        "nobody may be kept from signing out; it ends what signing in, which is limited, began"
    ),
    "participation.actions.attachments.follow_entry": (
        "called in the transaction of the register's own action, which spends"
    ),
    "participation.actions.pending.complete_act": (
        "the registered action it completes by spends; without that nothing is written"
    ),
}
_WRITES = {
    "abulk_create",
    "acreate",
    "asave",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "save_revision",
    "update",
    "update_or_create",
}


@dataclass
class Act:
    """One function of an actions module."""

    calls: set[str] = field(default_factory=set)
    writes: bool = False
    spends: bool = False


def _imports(tree: ast.Module, name: str) -> dict[str, str]:
    """What a module's names stand for, with the full name of each."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*name.split(".")[: -node.level], *filter(None, [base])])
            for each in node.names:
                found[each.asname or each.name] = f"{base}.{each.name}"
    return found


def _named(node: ast.AST, imports: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return imports.get(node.id, "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        base = imports.get(node.value.id, "")
        return f"{base}.{node.attr}" if base else ""
    return ""


def _read(name: str, tree: ast.Module, is_package: bool) -> tuple[dict[str, Act], dict[str, str]]:
    """The functions of one actions module, and the names it passes on."""
    imports = _imports(tree, f"{name}.__init__" if is_package else name)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    own = {node.name: f"{name}.{node.name}" for node in functions}
    acts: dict[str, Act] = {}
    for node in functions:
        act = acts[f"{name}.{node.name}"] = Act()
        for part in ast.walk(node):
            if isinstance(part, ast.Name | ast.Attribute):
                act.calls |= {_named(part, {**imports, **own})} - {"", f"{name}.{node.name}"}
                act.writes |= "transaction.atomic" in ast.unparse(part)
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                act.writes |= part.func.attr in _WRITES
                act.spends |= ast.unparse(part.func) == "limits.spend"
    return acts, imports


def unlimited(actions: Mapping[str, str], edges: Mapping[str, str]) -> dict[str, str]:
    """Actions that write without a limit, with the edge that sets each going.

    Both map the full names of modules to their source; a package's ends in ``.__init__``.
    """
    acts: dict[str, Act] = {}
    aliases: dict[str, str] = {}
    for module, source in actions.items():
        is_package = module.endswith(".__init__")
        name = module.removesuffix(".__init__")
        found, imports = _read(name, ast.parse(source), is_package)
        acts |= found
        aliases |= {f"{name}.{short}": full for short, full in imports.items()}

    def settle(name: str) -> str:
        while name not in acts and name in aliases:
            name = aliases[name]
        return name

    def holds(name: str, what: str, seen: frozenset[str] = frozenset()) -> bool:
        act = acts.get(name)
        if act is None or name in seen:
            return False
        called = (settle(each) for each in act.calls)
        return getattr(act, what) or any(holds(each, what, seen | {name}) for each in called)

    faults: dict[str, str] = {}
    for module, source in edges.items():
        tree = ast.parse(source)
        imports = _imports(tree, module)
        for node in ast.walk(tree):
            name = settle(_named(node, imports))
            if holds(name, "writes") and not holds(name, "spends"):
                faults[name] = f"{module}:{getattr(node, 'lineno', 0)}"
    return faults


def _full_name(app: str, path: Path) -> tuple[str, str]:
    """The module's full name, and the part of the app it is in."""
    parts = path.relative_to(ROOT / app).with_suffix("").parts
    return ".".join([package_of(app), *parts]), parts[0]


def _sources() -> tuple[dict[str, str], dict[str, str]]:
    actions: dict[str, str] = {}
    edges: dict[str, str] = {}
    for path in modules():
        name, part = _full_name(app_of(path), path)
        if part == "actions":
            actions[name] = path.read_text(encoding="utf-8")
        elif part not in NOT_REQUESTS:
            edges[name] = path.read_text(encoding="utf-8")
    return actions, edges


_LIMITED = """
from django.db import transaction
from core import limits

@transaction.atomic
def write_it(*, by):
    limits.spend("act", by)
    by.save()
"""
_BARE = """
from django.db import transaction

@transaction.atomic
def write_it(*, by):
    _inner(by)

def _inner(by):
    by.save()

def read_it(*, by):
    return by.name
"""


def test_the_rule_sees_planted_faults():
    view = "from room.actions import write_it, read_it\ndef view(by):\n    read_it(by)\n"
    pressed = view + "    write_it(by=by)\n"
    package = {"room.actions.__init__": "from .thing import read_it, write_it"}
    assert unlimited({"room.actions": _BARE}, {"room.views": view}) == {}
    assert unlimited({"room.actions": _LIMITED}, {"room.views": pressed}) == {}
    assert list(unlimited({"room.actions": _BARE}, {"room.views": pressed})) == [
        "room.actions.write_it"
    ]
    assert list(unlimited({**package, "room.actions.thing": _BARE}, {"room.views": pressed})) == [
        "room.actions.thing.write_it"
    ]
    assert unlimited({**package, "room.actions.thing": _LIMITED}, {"room.views": pressed}) == {}
    other = "from room import actions\ndef view(by):\n    actions.write_it(by=by)\n"
    assert unlimited({"room.actions": _BARE}, {"room.views": other})
    # What one action calls counts, in a module of its own too.
    outer = "from low.actions import write_it\ndef outer(*, by):\n    write_it(by=by)\n"
    calls = {"room.views": "from room.actions import outer\nouter(by=1)\n"}
    assert unlimited({"low.actions": _BARE, "room.actions": outer}, calls)
    assert unlimited({"low.actions": _LIMITED, "room.actions": outer}, calls) == {}


def test_every_action_a_request_can_reach_spends_a_limit():
    actions, edges = _sources()
    assert len(actions) >= 20
    assert len(edges) >= 100
    faults = unlimited(actions, edges)
    assert {name: at for name, at in faults.items() if name not in EXCEPTIONS} == {}
    # An exception that is none any more is taken from the list.
    assert set(EXCEPTIONS) <= set(faults)


def _spent_names() -> set[str]:
    """The limits named where one is spent; a table of names counts for the call that reads it.

    Kinds of entries name theirs where they are made (``Kind(..., limit="comment")``).
    """
    names: set[str] = set()
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tables = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Kind":
                names |= {
                    ast.literal_eval(word.value) for word in node.keywords if word.arg == "limit"
                }
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "limits.spend":
                continue
            for part in ast.walk(node.args[0]):
                read = ast.walk(tables[part.id]) if getattr(part, "id", "") in tables else [part]
                names |= {
                    each.value
                    for each in read
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return names


def test_every_named_limit_is_spent_somewhere_and_every_spent_one_is_named():
    assert _spent_names() == set(KAIFONG_LIMITS)
