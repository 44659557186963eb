"""What django-scim2 leaves to the application: the attributes of a PATCH."""

from __future__ import annotations

from typing import Any

from django_scim.adapters import SCIMUser

from tests.benchmarks.peers.django_peer.filters import PersonFilter


class PersonAdapter(SCIMUser):
    """Users with a phone number."""

    ATTR_MAP = PersonFilter.attr_map

    def to_dict(self) -> dict[str, Any]:
        """Show the user."""
        return {**super().to_dict(), "phoneNumbers": [{"type": "mobile", "value": self.obj.phone}]}

    def handle_replace(self, path: Any, value: Any, operation: Any) -> None:
        """Replace the phone number, the one attribute that is replaced here."""
        del path, operation
        self.obj.phone = value[0]["value"]
        self.save()
