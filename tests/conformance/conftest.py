"""The service that the conformance tests talk to: in this process for our own, as a process for outside suites.

Many tests share one database of each engine; each keeps to resources of its own.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from tests.factories.application import make_application
from tests.factories.conformance import SETTINGS, Client, unique
from tests.factories.databases import ENGINES, TEMPLATE
from tests.factories.servers import Service
from verification.codes import KeyRing

SCHEMAS = Path(__file__).parent / "schemas"


@contextmanager
def new_database(engine, request, tmp_path_factory):
    """Make a migrated database on an engine."""
    if engine == "sqlite":
        path = tmp_path_factory.mktemp("conformance") / "lineproof.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"conformance_{unique()}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", params=ENGINES)
def shared_database(request, tmp_path_factory):
    """Make one database of each engine for all tests of this process."""
    with new_database(request.param, request, tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def keys():
    """Make the keys of a service; on PostgreSQL they are settings."""
    return {"master_keys": KeyRing.generate("k1").export(), "issuer_keys": generate_issuer_keys()}


@pytest.fixture(scope="session")
def applications(shared_database, keys, tmp_path_factory):
    """Build applications on the shared database, one for each set of settings."""
    built, directory = {}, tmp_path_factory.mktemp("data")

    def build(**settings):
        key = tuple(sorted(settings.items()))
        if key not in built:
            built[key] = make_application(shared_database, directory, **keys, **settings)
        return built[key]

    yield build
    for application in built.values():
        application.services.core.database.close()


@pytest.fixture(scope="session", params=ENGINES)
def process(request, keys, tmp_path_factory):
    """Run the service as a process of its own on an empty database of each engine.

    Beside the types of the RFC it has those of a draft that scim-sanity knows: data, as a deployer would add them.
    """
    with new_database(request.param, request, tmp_path_factory) as url:
        running = Service(
            tmp_path_factory.mktemp("process"),
            settings={"database_url": url, "schema_dir": str(SCHEMAS / "agents"), **keys, **SETTINGS},
            arguments=("serve", "--workers", "1", "--no-delivery"),
        ).start()
        yield running
        assert running.process.stop() == 0


@pytest.fixture(scope="session")
def process_token(process):
    """Return a token with every scope for the process."""
    return process.admin().token


@pytest.fixture
def service(applications):
    """Return the application that knows nothing of pending numbers."""
    return applications(**SETTINGS)


@pytest.fixture
def scim(service):
    """Return a client with every scope."""
    return Client(service, service.admin())


@pytest.fixture
def things(applications):
    """Return a client of an application with a resource type that has every type and characteristic."""
    application = applications(schema_dir=str(SCHEMAS / "characteristics"), **SETTINGS)
    return Client(application, application.admin())
