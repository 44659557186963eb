"""The application, and `python -m tests.benchmarks.peers.django_peer.serving COUNT`, which fills its database."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from tests.benchmarks import people

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

_SETTINGS = "tests.benchmarks.peers.django_peer.settings"


def application() -> WSGIHandler:
    """Build the application of django-scim2."""
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    return get_wsgi_application()


def fill(count: int) -> None:
    """Make the tables and the users."""
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    model = django.apps.apps.get_model("django_peer", "Person")
    users = (
        model(
            username=people.user_name(number),
            scim_username=people.user_name(number),
            scim_id=people.user_id(number),
            scim_external_id=people.external_id(number),
            email=people.user_name(number),
            first_name="Mira",
            last_name="Lindqvist",
            phone=people.mobile(number),
        )
        for number in range(count)
    )
    model.objects.bulk_create(users, batch_size=1000)


if __name__ == "__main__":
    fill(int(sys.argv[1]))
