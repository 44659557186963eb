"""What administrators have set over the environment's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables_overrides import policy_overrides

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link

_LIST = Statement(select(policy_overrides.c.name, policy_overrides.c.value))
_NEW = insert(policy_overrides).values({column.name: bindparam(column.name) for column in policy_overrides.columns})
_SET = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[policy_overrides.c.name],
        set_={"value": _NEW.excluded.value, "changed_at": _NEW.excluded.changed_at},
    )
)
_UNSET = Statement(delete(policy_overrides).where(policy_overrides.c.name == bindparam("the_name")))


class Overrides:
    """The values of rules that are stored, by the names the API has for them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(self) -> dict[str, str]:
        """List all of them: there are a few at most."""
        return dict(self._link.rows(_LIST, {}))

    def set(self, name: str, value: str, at: datetime) -> None:
        """Store a value, in place of the one before."""
        self._link.run(_SET, {"name": name, "value": value, "changed_at": at})

    def unset(self, name: str) -> bool:
        """Remove a value; tell whether there was one."""
        return self._link.run(_UNSET, {"the_name": name}) > 0
