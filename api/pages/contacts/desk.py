"""Where the contacts of one kind of one user are changed: who does so, and on which page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from api.pages.contacts.panel import KINDS
from verification.decision import Actor

if TYPE_CHECKING:
    from flask import Response

    from api.pages.flashes import Undo
    from api.pages.form_errors import FormError
    from api.pages.visits import Visit
    from api.services.callers import Caller
    from api.services.contact_attributes import ContactAttributes
    from persistence.resources import StoredResource
    from scim.patch_request import Operation


class Show(Protocol):
    """Shows the page with the controls again, with what is wrong."""

    def __call__(self, visit: Visit, *errors: FormError, status: int | None = None) -> Response:
        """Answer."""


class Render(Protocol):
    """Renders a page in the frame of its domain."""

    def __call__(
        self, visit: Visit, template: str, /, *, status: int = ..., here: str = ..., **values: object
    ) -> Response:
        """Answer."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the controls are: the template that pages there extend by a block `content`, and what renders them."""

    layout: str
    render: Render
    show: Show


@dataclass(frozen=True, slots=True)
class Desk:
    """Who changes whose numbers or addresses; the page with the controls is at `base`."""

    visit: Visit
    kind: str
    user_id: str
    caller: Caller
    base: str
    frame: Frame

    @property
    def where(self) -> ContactAttributes:
        """Return the attributes of this kind."""
        return KINDS[self.kind]

    @property
    def is_own(self) -> bool:
        """Tell whether users act on themselves."""
        return self.caller.acts_on(self.user_id) is Actor.OWNER

    @property
    def value(self) -> str:
        """Return the number or the address that a form names."""
        return self.visit.field(self.field).strip()

    @property
    def field(self) -> str:
        """Return the name of the field with a new number or address."""
        return f"{self.kind}_value"

    @property
    def code_field(self) -> str:
        """Return the name of the field with a code."""
        return f"{self.kind}_code"

    def stored(self) -> StoredResource:
        """Return the user as stored, or raise NotFound."""
        return self.visit.services.resources.users.get(self.user_id)

    def patch(self, *operations: Operation) -> StoredResource:
        """Change the user as a PATCH does."""
        users = self.visit.services.resources.users
        return users.patch(self.user_id, operations, self.caller, lambda _: None)

    def done(self, what: str, *, value: str = "", undo: Undo | None = None) -> Response:
        """Answer with the page, which says what has been done."""
        self.visit.tell(f"contact.{self.kind}.{what}", undo=undo, value=value)
        return self.visit.go(self.base)

    def ask_removal(self, *, is_primary: bool) -> Response:
        """Answer with the question whether the value is to go."""
        return self.frame.render(
            self.visit,
            "contact_removal.html",
            here=self.base,
            layout=self.frame.layout,
            kind=self.kind,
            base=self.base,
            value=self.value,
            is_primary=is_primary,
        )

    def refuse(self, *errors: FormError, status: int | None = None) -> Response:
        """Answer with the page, which says what is wrong."""
        return self.frame.show(self.visit, *errors, status=status)
