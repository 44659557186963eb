"""Resetting all methods of a user: remove each, and say what became of it.

A directory may refuse a method for the sake of another one: the default method cannot go while others are there, a
mobile not before the alternate mobile. Which one that is cannot be learned from its answers (facts: the error code
is the same for all), so what was refused is tried again after the rest, until a round removes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.errors import DirectoryUnavailable, MethodGone, MethodRefused
from verification.methods import PhoneType

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from verification.methods import Method, MethodKind

NOT_ASKED_FOR = "not asked for"
CANNOT_BE_REMOVED = "cannot be removed"
WAS_GONE = "was gone already"


class Outcome(StrEnum):
    """What became of a method."""

    REMOVED = "removed"
    KEPT = "kept"  # nobody meant to remove it
    REFUSED = "refused"  # the directory keeps it
    FAILED = "failed"  # the directory did not answer: it may be gone or not
    NOT_TRIED = "notTried"  # the directory had failed before


class Overall(StrEnum):
    """What became of a reset."""

    COMPLETE = "complete"  # everything that was to go went
    PARTIAL = "partial"  # some stayed
    INTERRUPTED = "interrupted"  # the directory failed on the way


@dataclass(frozen=True, slots=True)
class Result:
    """One method and what became of it, with the reason where there is one to give."""

    method: Method
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each method, in the order in which the directory lists them."""

    results: tuple[Result, ...]

    @property
    def overall(self) -> Overall:
        """Return what became of the whole."""
        outcomes = {result.outcome for result in self.results}
        if outcomes & {Outcome.FAILED, Outcome.NOT_TRIED}:
            return Overall.INTERRUPTED
        return Overall.PARTIAL if Outcome.REFUSED in outcomes else Overall.COMPLETE


def plan(methods: Sequence[Method], kinds: Collection[MethodKind] | None) -> tuple[Report, tuple[Method, ...]]:
    """Return what stays whatever happens, and what is to go, in the order in which it is tried.

    `kinds` are the kinds asked for, None for all.
    """
    kept = []
    leaving = []
    for method in methods:
        if not method.is_removable:
            kept.append(Result(method, Outcome.KEPT, CANNOT_BE_REMOVED))
        elif kinds is not None and method.kind not in kinds:
            kept.append(Result(method, Outcome.KEPT, NOT_ASKED_FOR))
        else:
            leaving.append(method)
    # Sorting is stable: the rest stays in the directory's own order.
    return Report(tuple(kept)), tuple(sorted(leaving, key=_is_mobile))


def reset(
    methods: Sequence[Method], remove: Callable[[Method], None], kinds: Collection[MethodKind] | None = None
) -> Report:
    """Remove the methods of these kinds, None for all, and report on every one of the user's."""
    kept, leaving = plan(methods, kinds)
    became = {result.method: result for result in kept.results}
    waiting: Sequence[Method] = leaving
    while waiting:
        refused = []
        for position, method in enumerate(waiting):
            try:
                result = _removed(method, remove)
            except DirectoryUnavailable as error:
                became[method] = Result(method, Outcome.FAILED, str(error))
                rest = waiting[position + 1 :]
                became.update({other: became.get(other, Result(other, Outcome.NOT_TRIED)) for other in rest})
                return _report(methods, became)
            became[method] = result
            if result.outcome is Outcome.REFUSED:
                refused.append(method)
        if len(refused) == len(waiting):
            break
        waiting = refused
    return _report(methods, became)


def _removed(method: Method, remove: Callable[[Method], None]) -> Result:
    try:
        remove(method)
    except MethodGone:
        return Result(method, Outcome.REMOVED, WAS_GONE)
    except MethodRefused as error:
        return Result(method, Outcome.REFUSED, str(error))
    return Result(method, Outcome.REMOVED)


def _report(methods: Sequence[Method], became: dict[Method, Result]) -> Report:
    return Report(tuple(became[method] for method in methods))


def _is_mobile(method: Method) -> bool:
    # Often the default, and never before the alternate mobile: tried last.
    return method.phone_type is PhoneType.MOBILE
