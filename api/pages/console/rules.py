"""The rules of verification: what holds, where it comes from, and the environment's values again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.fresh import STALE_RULES, require_fresh_sign_in
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.services.governance import Source
from verification.errors import RuleRefused
from verification.overrides import BY_NAME, EMAIL_VERIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Response

    from api.pages.visits import Visit
    from api.services.governance import Value

PATH = "/console/verification"
WAS = "was."
"""What stands before the name of a rule where the form keeps the value it was made from."""
_PARTS = (".MobileNumber.", ".OTP.")
_FLAGS = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the form: its value in force, and the one that is wanted."""

    value: Value
    wanted: str

    @property
    def name(self) -> str:
        """Return the name of the rule, which names its field and its texts too."""
        return self.value.rule.name

    @property
    def is_flag(self) -> bool:
        """Tell whether it is a yes or a no."""
        return self.value.text in _FLAGS

    @property
    def is_stored(self) -> bool:
        """Tell whether it has been set here."""
        return self.value.source is Source.STORED


def show(visit: Visit) -> Response:
    """Show the rules."""
    return _form(visit, {})


def save(visit: Visit) -> Response:
    """Set the rules that the form has changed, all of them or none."""
    _require_fresh_sign_in(visit)
    values = {value.rule.name: value for value in visit.services.governance.values()}
    changes = _changes(visit, values.values())
    if not changes:
        return visit.go(PATH)
    if errors := _faults(visit, changes):
        return _form(visit, changes, *errors)
    visit.services.governance.set(changes, visit.caller)
    visit.tell("setting.done.saved", undo=_undo([values[name] for name in changes]))
    return visit.go(PATH)


def revert(visit: Visit) -> Response:
    """Give rules the environment's values again."""
    _require_fresh_sign_in(visit)
    names = [name for name in visit.field("rules").split() if name in BY_NAME]
    before = [value for value in visit.services.governance.values() if value.rule.name in names]
    visit.services.governance.revert(names, visit.caller)
    visit.tell("setting.done.reverted", undo=_undo(before))
    return visit.go(PATH)


def _require_fresh_sign_in(visit: Visit) -> None:
    # Rules say what has to be proved, and by which codes: whoever loosens them does so for everybody.
    require_fresh_sign_in(visit, PATH, STALE_RULES)


def _changes(visit: Visit, values: Iterable[Value]) -> dict[str, str]:
    wanted = {}
    for value in values:
        name, was = value.rule.name, visit.field(f"{WAS}{value.rule.name}")
        # A box that is not ticked sends nothing.
        now = visit.field(name).strip() or ("false" if was in _FLAGS else "")
        if was and now != was and not value.rule.is_fixed:
            wanted[name] = now
    return wanted


def _faults(visit: Visit, changes: Mapping[str, str]) -> list[FormError]:
    errors = []
    for name, text in changes.items():
        try:
            BY_NAME[name].check(visit.services.core.policies.base, text)
        except RuleRefused:
            key = f"setting.error.{name}"
            # What a box says is wrong in no form of ours.
            errors.append(FormError(visit.text(key if visit.text.has(key) else "setting.error.field"), name))
    if visit.services.governance.lacks_mail(changes):
        errors.append(FormError(visit.text("setting.error.no_mail"), EMAIL_VERIFICATION))
    return errors


def _undo(before: list[Value]) -> Undo | None:
    """Return the form that brings rules back, where one form can."""
    stored = [value for value in before if value.source is Source.STORED]
    if not stored:
        return Undo(f"{PATH}/revert", {"rules": " ".join(value.rule.name for value in before)})
    if len(stored) < len(before):
        return None
    # Whatever they are by then: no value of a rule is that.
    return Undo(PATH, {key: text for each in stored for key, text in _fields(each)})


def _fields(value: Value) -> tuple[tuple[str, str], ...]:
    was = ("false" if value.text == "true" else "true") if value.text in _FLAGS else "-"
    return (f"{WAS}{value.rule.name}", was), (value.rule.name, value.text)


def _place(value: Value) -> int:
    """Return where a rule stands: those of numbers first, then those of codes."""
    return next((place for place, part in enumerate(_PARTS) if part in value.rule.name), len(_PARTS))


def _form(visit: Visit, wanted: Mapping[str, str], *errors: FormError) -> Response:
    values = sorted(visit.services.governance.values(), key=_place)
    lines = [Line(value, wanted.get(value.rule.name, value.text)) for value in values]
    return render(
        visit,
        "console/rules.html",
        errors=errors,
        lines=[line for line in lines if not line.value.rule.is_fixed],
        fixed=[line for line in lines if line.value.rule.is_fixed],
    )
