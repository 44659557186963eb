"""A resource type with an attribute of every kind, random documents of it, and random filters over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from scim.attributes import AttributePath, parse_attribute_path
from scim.filter_nodes import And, Comparison, Node, Not, Operator, Or, Present, ValueFilter
from tests.factories.schemas import CORE, EXTRA, thing_type

if TYPE_CHECKING:
    from scim.resource_types import ResourceType

# Few texts, so that they meet: either case, wildcards and quotes of SQL, letters with strange cases.
_LETTERS = ("é", "É", "ß", "ẞ", "\u0131", "İ", "Σ", "ς", "\U0001d538")
TEXTS = st.sampled_from(["a", "A", "ab", "aB", "abc", "b", "%", "_", "a%", "a_c", "\\", "'", '"', *_LETTERS]) | st.text(
    "aAbB%_\\'é\U0001d538\U0010ffff", min_size=1, max_size=4
)
LITERALS = TEXTS | st.just("")
MOMENTS = st.sampled_from(
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22t12:00:00z",
        "2026-11-22T14:00:00+02:00",
        "2026-11-22T12:00:00.000001Z",
        "2026-11-22T12:00:00.0000019Z",
        "2026-11-22T12:00:00",
        "1969-12-31T23:59:59Z",
    ]
)
INTEGERS = st.integers(-3, 3) | st.sampled_from([2**53 + 1, 2**62])
DECIMALS = st.sampled_from([-1.5, 0.1, 1.0, 2.5]) | st.integers(-2, 2)
# Some texts are left empty on purpose: an attribute with one is stored, yet not present.
STORED_TEXTS = TEXTS | st.just("")


def _string(name: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "caseExact": False, **changes}


_SUBS = [
    _string("value"),
    _string("type"),
    _string("code", caseExact=True),
    {"name": "primary", "type": "boolean"},
    {"name": "rank", "type": "integer"},
    {"name": "since", "type": "dateTime"},
    _string("words", multiValued=True),
]
_ATTRIBUTES: tuple[dict[str, Any], ...] = (
    _string("title", uniqueness="server"),
    _string("displayName"),
    _string("nick"),
    _string("token", caseExact=True),
    {"name": "active", "type": "boolean"},
    {"name": "flag", "type": "boolean"},
    {"name": "level", "type": "integer"},
    {"name": "score", "type": "decimal"},
    {"name": "born", "type": "dateTime"},
    {"name": "link", "type": "reference", "referenceTypes": ["uri"]},
    {"name": "blob", "type": "binary"},
    _string("tags", multiValued=True),
    {"name": "emails", "type": "complex", "multiValued": True, "subAttributes": _SUBS},
    {"name": "items", "type": "complex", "multiValued": True, "subAttributes": _SUBS},
    {"name": "name", "type": "complex", "subAttributes": _SUBS},
)
_EXTENSION: tuple[dict[str, Any], ...] = (
    _string("title"),
    {"name": "level", "type": "integer"},
    _string("tags", multiValued=True),
    {"name": "items", "type": "complex", "multiValued": True, "subAttributes": _SUBS},
)

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": STORED_TEXTS,
    "reference": STORED_TEXTS,
    "binary": STORED_TEXTS,
    "boolean": st.booleans(),
    "integer": INTEGERS,
    "decimal": DECIMALS,
    "dateTime": MOMENTS,
}
_LITERALS = {**_VALUES, "string": LITERALS, "reference": LITERALS, "binary": LITERALS}
_ORDERED = [Operator.EQ, Operator.NE, Operator.GT, Operator.GE, Operator.LT, Operator.LE]
_OPERATORS = {
    "string": list(Operator),
    "reference": list(Operator),
    "binary": [Operator.EQ, Operator.NE],
    "boolean": [Operator.EQ, Operator.NE],
    "integer": _ORDERED,
    "decimal": _ORDERED,
    "dateTime": _ORDERED,
}


def everything_type() -> ResourceType:
    """Return the resource type."""
    return thing_type(*_ATTRIBUTES, extension=_EXTENSION)


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Generate documents without a title, which has to be unique."""
    core = _objects([item for item in _ATTRIBUTES if item["name"] != "title"])
    common = st.fixed_dictionaries({}, optional={"externalId": TEXTS})
    extension = st.fixed_dictionaries({}, optional={EXTRA: _objects(list(_EXTENSION)).filter(bool)})
    return st.builds(lambda *parts: {**parts[0], **parts[1], **parts[2]}, core, common, extension)


def filters() -> st.SearchStrategy[Node]:
    """Generate filters that the type can be asked."""
    leaves = st.one_of([_comparisons(*leaf) for leaf in _leaves()])
    present = st.sampled_from(_paths()).map(lambda path: Present(parse_attribute_path(path)))
    selections = st.one_of([_value_filters(path) for path in ("emails", "items", "name", f"{EXTRA}:items")])
    return st.recursive(leaves | present | selections, _joined, max_leaves=5)


def _objects(attributes: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={item["name"]: _values(item) for item in attributes})


def _values(attribute: dict[str, Any]) -> st.SearchStrategy[Any]:
    if attribute["type"] == "complex":
        value = _objects(attribute["subAttributes"]).filter(bool)
    else:
        value = _VALUES[attribute["type"]]
    return st.lists(value, min_size=1, max_size=3) if attribute.get("multiValued") else value


def _leaves() -> list[tuple[str, str]]:
    """List the paths that can be compared, with their types."""
    found = [("externalId", "string"), ("id", "string"), ("schemas", "reference"), ("meta.resourceType", "string")]
    found += [("meta.created", "dateTime"), ("meta.lastModified", "dateTime"), ("meta.version", "string")]
    own = [(item["name"], item) for item in _ATTRIBUTES] + [(f"{EXTRA}:{item['name']}", item) for item in _EXTENSION]
    for path, item in own:
        # A complex attribute compared as a whole means its value.
        found.append((path, "string" if item["type"] == "complex" else item["type"]))
        found += [(f"{path}.{sub['name']}", sub["type"]) for sub in item.get("subAttributes", ())]
    return found


def _paths() -> list[str]:
    return [path for path, _ in _leaves()] + ["meta"]


def _comparisons(path: str, kind: str) -> st.SearchStrategy[Node]:
    literals = _LITERALS[kind]
    if path == "schemas":
        literals = st.sampled_from([CORE, EXTRA, EXTRA.upper(), "urn:example"])
    if path == "meta.resourceType":
        literals = st.sampled_from(["Thing", "thing"])
    if path == "meta.version":
        literals = st.sampled_from(['W/"1"', "W/", '"2"'])
    compared = st.builds(Comparison, st.just(parse_attribute_path(path)), st.sampled_from(_OPERATORS[kind]), literals)
    null = st.builds(
        Comparison, st.just(parse_attribute_path(path)), st.sampled_from([Operator.EQ, Operator.NE]), st.none()
    )
    return compared | null


def _value_filters(path: str) -> st.SearchStrategy[Node]:
    subs = st.one_of([_comparisons(sub["name"], sub["type"]) for sub in _SUBS])
    present = st.sampled_from([sub["name"] for sub in _SUBS]).map(lambda name: Present(AttributePath(None, name)))
    terms = st.recursive(subs | present, _joined, max_leaves=3)
    return st.builds(ValueFilter, st.just(parse_attribute_path(path)), terms, st.none() | subs | present)


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, inner))
