"""The application in this process, on a fresh database of either engine."""

from __future__ import annotations

import shutil

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from persistence.tables import metadata
from tests.factories.application import make_application
from tests.factories.databases import ENGINES, TEMPLATE
from tests.factories.people import ANN, BEN, CAT, add_person
from tests.factories.verification import key_ring

EMPTY = "; ".join(str(table.delete()) for table in reversed(metadata.sorted_tables))


@pytest.fixture(scope="session")
def keys():
    """Make the keys once: PostgreSQL needs them from outside."""
    return {"master_keys": key_ring("k1").export(), "issuer_keys": generate_issuer_keys()}


@pytest.fixture(scope="session")
def emptied_url(postgresql_server):
    """Make one PostgreSQL database for these tests: to empty it takes a hundredth of the time of another copy."""
    postgresql_server.execute(f"CREATE DATABASE api TEMPLATE {TEMPLATE}")
    return postgresql_server.url("api")


@pytest.fixture(params=ENGINES)
def database_url(request):
    """Return the URL of an empty database, once for each engine."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    url = request.getfixturevalue("emptied_url")
    request.getfixturevalue("postgresql_server").execute(EMPTY, "api")
    return url


@pytest.fixture
def start(database_url, tmp_path, keys):
    """Start the application with some settings; several times, too, on the same database."""
    started = []

    def begin(**settings):
        application = make_application(database_url, tmp_path, **{**keys, **settings})
        started.append(application)
        return application

    yield begin
    for application in started:
        application.services.core.database.close()


@pytest.fixture
def application(start):
    """Start the application with the settings' defaults."""
    return start()


@pytest.fixture
def bob(application):
    """Add bob: his primary number and another are verified, a third is only listed."""
    return add_person(application, n=(ANN, BEN, CAT), v=(ANN, BEN))


@pytest.fixture(scope="module", params=ENGINES)
def standing(request, tmp_path_factory, keys):
    """Start an application for all tests of a module, with bob in it: for requests that must change nothing."""
    place = tmp_path_factory.mktemp("standing")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), place / "lineproof.db")
        url = f"sqlite:///{place / 'lineproof.db'}"
    else:
        url = request.getfixturevalue("emptied_url")
        request.getfixturevalue("postgresql_server").execute(EMPTY, "api")
    application = make_application(url, place, **keys)
    yield add_person(application, n=(ANN, BEN, CAT), v=(ANN, BEN))
    application.services.core.database.close()
