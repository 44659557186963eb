"""The dashboard: figures to look at, each chart with a table behind it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.pages.charts import NARROW, WIDE, Bar, Part, Series, bar_chart, line_chart, number, percent
from api.pages.console.frame import render
from api.pages.console.reasons import reason_text
from api.services.statistics import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from api.pages.charts import BarChart, LineChart
    from api.pages.translations import Translation
    from api.pages.visits import Visit
    from api.services.statistics import CountryConversion, Overview, ProviderHealth
    from persistence.statistics import FailureCount

SERIES = ("sent", "delivered", "verified", "expired")


def show(visit: Visit) -> Response:
    """Show the figures of the last day, week or month."""
    asked = visit.request.args.get("span")
    span = Span(asked) if asked in set(Span) else Span.DAY
    overview, text = visit.services.statistics.overview(span), visit.text
    series = _series(overview, text)
    return render(
        visit,
        "console/dashboard.html",
        spans=tuple(Span),
        overview=overview,
        totals={each.name: each.total for each in series},
        queued=number(overview.queued),
        series=[each.label for each in series],
        lines=_lines(overview, series),
        said_of_codes=text("watch.codes.said", **{each.name: each.total for each in series}),
        countries=_countries(overview.countries, text),
        failures=_failures(overview.failures, text),
        providers=[_provider(each, text) for each in overview.providers],
        figures=[_figures(each, text) for each in overview.providers],
        percent=percent,
        looks=[(look, text(f"watch.look.{look}")) for look in ("solid", "hatched", "hollow", "bad")],
        reason=partial(reason_text, text),
    )


def _series(overview: Overview, text: Translation) -> list[Series]:
    return [
        Series(name, text(f"watch.series.{name}"), tuple(getattr(point, name) for point in overview.points))
        for name in SERIES
    ]


def _lines(overview: Overview, series: Sequence[Series]) -> tuple[LineChart, LineChart]:
    form = "%H:%M" if overview.span is Span.DAY else "%m-%d"
    moments = [point.at.strftime(form) for point in overview.points]
    return line_chart(moments, series, WIDE), line_chart(moments, series, NARROW)


def _countries(found: Sequence[CountryConversion], text: Translation) -> BarChart:
    def bar(each: CountryConversion) -> Bar:
        back = min(each.verified, each.sent)
        missing = each.sent - back
        share = percent(each.verified, each.sent)
        return Bar(
            f"{each.country} +{each.calling_code}",
            text("watch.countries.bar", verified=number(each.verified), sent=number(each.sent), share=share),
            (
                Part("solid", text("watch.countries.back", count=number(back)), back),
                Part("hollow", text("watch.countries.missing", count=number(missing)), missing),
            ),
        )

    return bar_chart([bar(each) for each in found])


def _failures(found: Sequence[FailureCount], text: Translation) -> BarChart:
    def bar(each: FailureCount) -> Bar:
        why = reason_text(text, each.reason)
        return Bar(why, number(each.count), (Part("bad", f"{why}: {number(each.count)}", each.count),))

    return bar_chart([bar(each) for each in found])


def _provider(each: ProviderHealth, text: Translation) -> BarChart:
    silent = each.accepted - each.delivered - each.failed
    calls = (("accepted", "solid"), ("postponed", "hatched"), ("refused", "bad"))
    receipts = (("delivered", "solid", each.delivered), ("open", "hollow", silent), ("failed", "bad", each.failed))
    return bar_chart(
        [
            _bar(text, text("watch.calls"), "calls", [(name, look, each.calls.get(name, 0)) for name, look in calls]),
            _bar(text, text("watch.receipts"), "receipts", receipts),
        ]
    )


def _bar(text: Translation, label: str, name: str, parts: Sequence[tuple[str, str, int]]) -> Bar:
    drawn = tuple(Part(look, f"{text(f'watch.{name}.{part}')}: {number(value)}", value) for part, look, value in parts)
    return Bar(label, " / ".join(number(part.value) for part in drawn), drawn)


def _figures(each: ProviderHealth, text: Translation) -> list[tuple[str, str]]:
    names = ("accepted", "postponed", "refused")
    return [
        *((text(f"watch.calls.{name}"), number(each.calls.get(name, 0))) for name in names),
        (text("watch.average"), text("watch.milliseconds", count=number(each.milliseconds))),
        (text("watch.receipts.delivered"), number(each.delivered)),
        (text("watch.receipts.open"), number(each.accepted - each.delivered - each.failed)),
        (text("watch.receipts.failed"), number(each.failed)),
    ]
