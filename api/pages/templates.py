"""The templates of pages, compiled when the first of them is asked for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.pages.assets import asset_path
from api.pages.times import utc
from api.pages.translations import translations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.pages.form_errors import FormError

# HTML §13.2.3.5: what no page may hold, though a name that was stored may.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")

# Unicode UAX #9 §2: what turns the text around it; a name that somebody gave to themselves is to turn no sentence.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


class Templates:
    """Renders templates; what is put into them is escaped, and a name that is not there is an error."""

    def render(self, name: str, /, **values: object) -> str:
        """Return a page."""
        page = _environment().get_template(name).render(values)
        return _TURNING.sub("", _UNFIT.sub("\N{REPLACEMENT CHARACTER}", page))


@cache
def _environment() -> Environment:
    """Return what compiles templates, once a process: another policy makes another application, of the same pages."""
    environment = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    languages = {locale: texts("language") for locale, texts in translations().items()}
    environment.globals.update(asset=asset_path, languages=languages, utc=utc)
    environment.filters["of_field"] = _of_field
    return environment


def _of_field(errors: Iterable[FormError], name: str) -> FormError | None:
    """Return the first fault of a field; None where nothing is wrong with it."""
    return next((error for error in errors if error.field == name), None)
