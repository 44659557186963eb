"""Django's settings: SQLite in the folder named by PEER_FOLDER."""

from __future__ import annotations

import os

SECRET_KEY = "a benchmark on loopback"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.benchmarks.peers.django_peer.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django_scim",
    "tests.benchmarks.peers.django_peer",
]
AUTH_USER_MODEL = "django_peer.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "tests.benchmarks.peers.django_peer.access.signed_in",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(os.environ["PEER_FOLDER"], "peer.sqlite3"),  # noqa: PTH118 - Django's settings are texts
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }
}
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "127.0.0.1",
    "SCHEME": "http",
    "AUTHENTICATION_SCHEMES": [{"type": "oauth2", "name": "OAuth 2", "description": "OAuth 2"}],
    "USER_ADAPTER": "tests.benchmarks.peers.django_peer.adapters.PersonAdapter",
    "USER_FILTER_PARSER": "tests.benchmarks.peers.django_peer.filters.PersonFilter",
    "GET_IS_AUTHENTICATED_PREDICATE": "tests.benchmarks.peers.django_peer.access.is_authenticated",
}
