"""Filters of django-scim2, and paths of its PATCH."""

from __future__ import annotations

from django_scim.filters import UserFilterQuery


class PersonFilter(UserFilterQuery):
    """Filters on users with a phone number."""

    attr_map = {**UserFilterQuery.attr_map, ("phoneNumbers", None, None): "phone"}  # noqa: RUF012 - Django's way
