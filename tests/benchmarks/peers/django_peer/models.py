"""The least that django-scim2 needs of a user, and the phone number that the benchmark changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMUserMixin

if TYPE_CHECKING:
    from django.db.models import Manager


class Person(AbstractSCIMUserMixin, AbstractUser):
    """A user."""

    phone = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        """Django's."""

        app_label = "django_peer"

    @property
    def scim_groups(self) -> Manager:
        """Return the groups of the user."""
        return self.groups
