"""The OpenAPI schema in the order and words in which a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


def readable(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Groups of operations by their tag, each with parameters, fields of its body and answers."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                found = operations[method]
                groups.setdefault((found.get("tags") or ["other"])[0], []).append(
                    _operation(schema, method, path, found)
                )
    return [
        {"name": name, "anchor": name.replace(" ", "-"), "operations": operations}
        for name, operations in groups.items()
    ]


def _operation(
    schema: Mapping[str, Any], method: str, path: str, found: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "path": path,
        "anchor": found["operationId"],
        "text": found.get("description", ""),
        "parameters": [
            {
                "name": one["name"],
                "where": one["in"],
                "type": _type(schema, one["schema"]),
                "required": one.get("required", False),
            }
            for one in found.get("parameters", [])
        ],
        "body": list(_fields(schema, _body(found))),
        "answers": [
            {
                "fields": list(_fields(schema, _content(one))),
                "each": list(_fields(schema, _item(schema, _content(one)))),
            }
            for status, one in found["responses"].items()
            if str(status).startswith("2")
        ],
        "refusals": [str(each) for each in found["responses"] if not str(each).startswith("2")],
    }


def _body(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return _content(found.get("requestBody", {}))


def _content(part: Mapping[str, Any]) -> Mapping[str, Any]:
    shape: Mapping[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return shape


def _item(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a list's ``items`` are; nothing for an answer that is no list."""
    items = _resolve(schema, shape).get("properties", {}).get("items", {})
    found: Mapping[str, Any] = items.get("items", {}) if items.get("type") == "array" else {}
    return found


def _resolve(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> Mapping[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name] if name else shape


def _fields(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = _resolve(schema, shape)
    needed = set(found.get("required", ()))
    for name, one in found.get("properties", {}).items():
        yield {"name": name, "type": _type(schema, one), "required": name in needed}


def _type(schema: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    """A type in words a programmer knows: 'string', 'list of CommentOut', 'a | b'."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " | ".join(_type(schema, one) for one in shape["anyOf"])
    if "enum" in shape:
        return " | ".join(f'"{one}"' for one in shape["enum"])
    if "const" in shape:
        return f'"{shape["const"]}"'
    if shape.get("type") == "array":
        return f"list of {_type(schema, shape.get('items', {}))}"
    return str(shape.get("type", "any"))
