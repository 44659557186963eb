"""The service that the conformance tests talk to: in this process for our own, as a process for outside suites.

Many tests share one database of each engine, and each keeps to resources of its own. What is slow to make is kept
until the end: where tests are spread over processes, engines take turns in an order that nobody knows.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from tests.factories.application import make_application
from tests.factories.conformance import SETTINGS, Client, unique
from tests.factories.databases import ENGINES, TEMPLATE
from tests.factories.servers import Service
from verification.codes import KeyRing

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="session", params=ENGINES)
def engine(request):
    """Name the database engine of a test."""
    return request.param


@pytest.fixture(scope="session")
def until_the_end():
    """Keep what is made until the last test of this process."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="session")
def new_database(request, until_the_end, tmp_path_factory):
    """Make migrated databases, and return the URL of each."""

    def make(engine):
        if engine == "sqlite":
            path = tmp_path_factory.mktemp("conformance") / "lineproof.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        # The server goes with all its databases.
        server, name = request.getfixturevalue("postgresql_server"), f"conformance_{unique()}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return server.url(name)

    return make


@pytest.fixture(scope="session")
def keys():
    """Make the keys of a service; on PostgreSQL they are settings."""
    return {"master_keys": KeyRing.generate("k1").export(), "issuer_keys": generate_issuer_keys()}


@pytest.fixture(scope="session")
def built_application(until_the_end, new_database, keys, tmp_path_factory):
    """Build applications, those of one engine on one database."""
    database_of, directory = cache(new_database), tmp_path_factory.mktemp("data")

    @cache
    def build(engine, **settings):
        application = make_application(database_of(engine), directory, **keys, **settings)
        until_the_end.callback(application.services.core.database.close)
        return application

    return build


@pytest.fixture(scope="session")
def started_process(until_the_end, new_database, keys, tmp_path_factory):
    """Start the service as a process, one for each engine, and return it with a token.

    Beside the types of the RFC it has those of a draft that scim-sanity knows: data, as a deployer would add them.
    """

    @cache
    def start(engine):
        settings = {"database_url": new_database(engine), "schema_dir": str(SCHEMAS / "agents"), **keys, **SETTINGS}
        arguments = ("serve", "--workers", "1", "--no-delivery")
        running = Service(tmp_path_factory.mktemp("process"), settings=settings, arguments=arguments).start()
        until_the_end.callback(running.process.stop)
        return running, running.admin().token

    return start


@pytest.fixture(scope="session")
def applications(built_application, engine):
    """Return the builder of applications on the engine of the test; it takes their settings."""
    return partial(built_application, engine)


@pytest.fixture(scope="session")
def process(started_process, engine):
    """Return the service as a process."""
    return started_process(engine)[0]


@pytest.fixture(scope="session")
def process_token(started_process, engine):
    """Return a token with every scope for the process."""
    return started_process(engine)[1]


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
