"""The operations on the resources of one type, and on oneself (RFC 7644 §3.2, §3.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.openapi.failures import Form
from api.openapi.operations import Operation
from api.openapi.parameters import IF_MATCH, IF_NONE_MATCH, PROJECTION, header_references, list_parameters
from api.openapi.scim_answers import page_answer, query_failure, resource_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scim.discovery import Features

Document = dict[str, Any]

_CONDITIONS = (IF_MATCH, IF_NONE_MATCH)
_VERSIONED = ("ETag",)


@dataclass(frozen=True, slots=True)
class TypeOperations:
    """The operations on one resource type.

    `name` is its component. A user has phone numbers, whose rules add failures of their own.
    """

    name: str
    path: str
    features: Features
    is_user: bool

    def of_type(self) -> Mapping[tuple[str, str], Operation]:
        """Describe the operations on the endpoint of the type, and below."""
        one = f"{self.path}/{{resource_id}}"
        resource = _Subject(self.name, f"a {self.name}", self._tag, "NotFound")
        return {
            (self.path, "get"): self._list(),
            (self.path, "post"): self._create(),
            (f"{self.path}/.search", "post"): self._search(),
            (one, "get"): self._get(resource),
            (one, "put"): self._replace(resource),
            (one, "patch"): self._patch(resource),
            (one, "delete"): self._delete(),
        }

    def of_oneself(self, path: str) -> Mapping[tuple[str, str], Operation]:
        """Describe the operations on the resource of the caller."""
        oneself = _Subject("Me", "oneself", "Me", "NotAUser")
        return {
            (path, "get"): self._get(oneself),
            (path, "put"): self._replace(oneself),
            (path, "patch"): self._patch(oneself),
            (path, "delete"): Operation(
                id="deleteMe",
                tag="Me",
                form=Form.SCIM,
                summary="Always refused: nobody removes the own account here",
                answers={},
                failures=("NoSelfRemoval",),
            ),
        }

    @property
    def _tag(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def _rules(self) -> str:
        return "User" if self.is_user else ""

    def _list(self) -> Operation:
        return Operation(
            id=f"list{self.name}s",
            tag=self._tag,
            form=Form.SCIM,
            summary=f"List {self._tag}",
            parameters=list_parameters(self.features),
            answers={"200": page_answer(f"{self.name}List")},
            failures=(query_failure("Query", self.features),),
        )

    def _search(self) -> Operation:
        return Operation(
            id=f"search{self.name}s",
            tag=self._tag,
            form=Form.SCIM,
            summary=f"Search {self._tag}",
            description="Like the list, with personal data out of URLs and their logs.",
            body="Search",
            answers={"200": page_answer(f"{self.name}List")},
            failures=(query_failure("Search", self.features),),
        )

    def _create(self) -> Operation:
        created = resource_answer("The new resource.", self.name, ("ETag", "Location"))
        return Operation(
            id=f"create{self.name}",
            tag=self._tag,
            form=Form.SCIM,
            summary=f"Add a {self.name}",
            parameters=PROJECTION,
            body=self.name,
            answers={"201": {**created, "links": self._links()}},
            failures=(f"Invalid{self._rules or 'Body'}", "NotUnique", *self._limits()),
        )

    def _get(self, subject: _Subject) -> Operation:
        unchanged = {"description": "It still has this version.", "headers": header_references(["ETag"])}
        return Operation(
            id=f"get{subject.name}",
            tag=subject.tag,
            form=Form.SCIM,
            summary=f"Read {subject.words}",
            parameters=(*PROJECTION, IF_NONE_MATCH),
            answers={"200": self._shown("The resource."), "304": unchanged},
            failures=("InvalidProjection", subject.missing),
        )

    def _replace(self, subject: _Subject) -> Operation:
        return Operation(
            id=f"replace{subject.name}",
            tag=subject.tag,
            form=Form.SCIM,
            summary=f"Replace {subject.words}",
            description="Attributes that are left out are cleared.",
            parameters=(*PROJECTION, *_CONDITIONS),
            body=self.name,
            answers={"200": self._shown("The resource as it is now.")},
            failures=self._of_change("Replacement", subject),
        )

    def _patch(self, subject: _Subject) -> Operation:
        return Operation(
            id=f"patch{subject.name}",
            tag=subject.tag,
            form=Form.SCIM,
            summary=f"Change {subject.words}",
            description="The operations are carried out in their order, all or none.",
            parameters=(*PROJECTION, *_CONDITIONS),
            body=f"{self.name}Patch",
            answers={"200": self._shown("The resource as it is now."), "204": self._unshown()},
            failures=self._of_change("Patch", subject),
        )

    def _delete(self) -> Operation:
        return Operation(
            id=f"delete{self.name}",
            tag=self._tag,
            form=Form.SCIM,
            summary=f"Remove a {self.name}",
            parameters=_CONDITIONS,
            answers={"204": {"description": "It is gone.", "headers": header_references(())}},
            failures=("NotFound", "PreconditionFailed"),
        )

    def _shown(self, description: str) -> Document:
        return resource_answer(description, self.name, _VERSIONED)

    def _unshown(self) -> Document:
        return {
            "description": "Done; the resource is too large to be shown unasked.",
            "headers": header_references(_VERSIONED),
        }

    def _of_change(self, change: str, subject: _Subject) -> tuple[str, ...]:
        invalid = f"Invalid{self._rules}{change}"
        return (invalid, subject.missing, "NotUnique", "PreconditionFailed", *self._limits())

    def _limits(self) -> tuple[str, ...]:
        return ("TooManyCodes",) if self.is_user else ()

    def _links(self) -> Document:
        parameters = {"resource_id": "$response.body#/id"}
        return {
            verb: {"operationId": f"{verb}{self.name}", "parameters": parameters}
            for verb in ("get", "replace", "patch", "delete")
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an operation is about: its name in ids and in words, its tag, and the failure when it is not there."""

    name: str
    words: str
    tag: str
    missing: str
