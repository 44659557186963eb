"""The application in this process, on an empty database of either engine."""

from __future__ import annotations

import shutil

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from api.services import password_hashes, passwords
from tests.factories.application import make_application
from tests.factories.databases import ENGINES, empty
from tests.factories.people import ANN, BEN, CAT, add_person
from tests.factories.verification import key_ring


@pytest.fixture(scope="module", autouse=True)
def quick_hashes():
    """Hash passwords by the least there is: what it really takes would be most of what a sign-in takes here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password_hashes, "MEMORY_KIB", 8)
        patch.setattr(password_hashes, "PASSES", 1)
        passwords._hashes.cache_clear()
        yield
    passwords._hashes.cache_clear()


@pytest.fixture(scope="session")
def keys():
    """Make the keys once: PostgreSQL needs them from outside."""
    return {"master_keys": key_ring("k1").export(), "issuer_keys": generate_issuer_keys()}


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
        url = request.getfixturevalue("shared_database")
        empty(request.getfixturevalue("postgresql_server"))
    application = make_application(url, place, **keys)
    yield add_person(application, n=(ANN, BEN, CAT), v=(ANN, BEN))
    application.services.core.database.close()
