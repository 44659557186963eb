"""What the commands print and store; the exit codes are the command line's contract."""

from __future__ import annotations

import base64
import io
import json
import re
import signal
import socket
import sys

import pytest
import structlog

from api.auth.issuer_keys import generate_issuer_keys
from api.auth.scopes import ALL_SCOPES
from api.cli import main
from api.services.password_hashes import PasswordHashes
from persistence.database import Database
from tests.factories.application import make_application
from tests.factories.people import ANN, Numbers, numbers_of
from tests.factories.sign_ins import PASSWORD
from tests.factories.verification import key_ring

TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+\n")


@pytest.fixture(autouse=True)
def process_as_before():
    """Take back what the command line makes of the logs and the signals of its process."""
    before = structlog.get_config()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    structlog.configure(**before)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def deployment(monkeypatch, tmp_path):
    """Point the commands to a directory of the test's own."""
    for name in ("PORT", "DATABASE_URL", "MASTER_KEYS", "ISSUER_KEYS"):
        monkeypatch.delenv(f"LINEPROOF_{name}", raising=False)
    monkeypatch.setenv("LINEPROOF_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def run(deployment, capsys):
    """Run a command, and return exit code, output and errors."""

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return command


@pytest.fixture
def service(deployment):
    """Open the deployment that the commands have made."""
    opened = []

    def begin():
        application = make_application(f"sqlite:///{deployment / 'lineproof.sqlite3'}", deployment)
        opened.append(application)
        return application

    yield begin
    for application in opened:
        application.services.core.database.close()


def claims_of(token):
    """Read the claims of a token."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_users_token_is_all_that_is_printed(run):
    _, printed, _ = run("user", "add", "bob")

    code, output, errors = run("token", "--user", "BOB")

    assert (code, errors) == (0, "")
    assert TOKEN.fullmatch(output)
    claims = claims_of(output)
    assert claims["iss"] == claims["aud"] == "http://127.0.0.1:8080"
    assert (claims["sub"], claims["scope"]) == (printed.strip(), "internal_login")
    assert claims["exp"] - claims["iat"] == 3600


def test_a_clients_token_has_what_it_is_told(run):
    code, output, errors = run(
        "token", "--client", "shop", "--scope", "internal_login internal_user_mgt_view", "--lifetime", "5"
    )

    claims = claims_of(output)
    assert (code, errors) == (0, "")
    assert (claims["sub"], claims["client_id"]) == ("shop", "shop")
    assert claims["scope"] == "internal_login internal_user_mgt_view"
    assert claims["exp"] - claims["iat"] == 5


def test_a_client_has_no_scope_unless_told(run):
    _, output, _ = run("token", "--client", "shop")

    assert claims_of(output)["scope"] == ""


@pytest.mark.parametrize("whose", ["--client", "--user"])
def test_an_administrators_token_has_all_scopes(run, whose):
    run("user", "add", "bob")

    _, output, _ = run("token", whose, "bob", "--admin")

    scopes = claims_of(output)["scope"].split()
    assert {"internal_user_mgt_update", "internal_user_code_mgt_create", "internal_login"} <= set(scopes)


def test_nobody_has_no_token(run):
    code, output, errors = run("token", "--user", "nobody")

    assert (code, output, errors) == (1, "", "lineproof: there is no user nobody\n")


def test_a_user_is_added_unverified_and_the_id_is_printed(run, service):
    code, output, errors = run("user", "add", "bob", "--mobile", ANN, "--email", "bob@example.com")

    bob = service().admin().get(f"/scim2/Users/{output.strip()}").get_json()
    assert (code, errors) == (0, "")
    assert (bob["userName"], bob["emails"]) == ("bob", [{"value": "bob@example.com", "primary": True}])
    assert numbers_of(bob) == Numbers(ANN, is_verified=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("BOB",), "userName", id="a name that is taken"),
        pytest.param(("eve", "--mobile", "call me"), "phoneNumbers", id="no number"),
        pytest.param((" ",), "userName is required", id="no name"),
    ],
)
def test_a_user_who_cannot_be_added_is_told_in_one_line(run, arguments, told):
    run("user", "add", "bob")

    code, output, errors = run("user", "add", *arguments)

    assert (code, output) == (1, "")
    assert errors.startswith("lineproof: ")
    assert errors.count("\n") == 1
    assert told in errors
    assert "call me" not in errors


def test_an_administrator_is_made_with_every_scope_or_some_or_none(run, service):
    _, printed, _ = run("user", "add", "bob")
    user_id = printed.strip()

    def scopes():
        return service().services.administrators.lookup(user_id).scopes

    code, output, errors = run("user", "administrator", "BOB")
    assert (code, set(output.strip().removeprefix("scopes=").split()), errors) == (0, ALL_SCOPES, "")
    assert scopes() == ALL_SCOPES
    assert run("user", "administrator", "bob", "--scope", "internal_login")[:2] == (0, "scopes=internal_login\n")
    assert scopes() == {"internal_login"}
    assert run("user", "administrator", "bob", "--none")[:2] == (0, "scopes=\n")
    assert scopes() == frozenset()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nobody",), 1, "there is no user nobody"),
        (("bob", "--scope", "x"), 1, "There is no scope x."),
        (("bob", "--scope", " "), 2, "--scope names no scope"),
        (("bob", "--scope", "internal_login", "--none"), 2, "either --scope or --none"),
    ],
)
def test_an_administrator_who_cannot_be_made_is_told(run, arguments, code, told):
    run("user", "add", "bob")

    ended, output, errors = run("user", "administrator", *arguments)

    assert (ended, output) == (code, "")
    assert told in errors


def test_a_user_is_added_with_the_password_of_a_line_of_standard_input(run, service, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\nmore\n"))

    code, output, _ = run("user", "add", "bob", "--password-stdin")

    stored = service().services.core.database.read(lambda unit: unit.passwords.lookup(output.strip()))
    assert code == 0
    assert PasswordHashes().is_password(stored.hash, PASSWORD)


def test_without_a_password_on_standard_input_nobody_is_added(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))

    code, output, errors = run("user", "add", "bob", "--password-stdin")

    assert (code, output) == (2, "")
    assert "standard input has no password" in errors


def test_a_client_is_told_its_secret_once(run, deployment):
    code, output, errors = run(
        "client",
        "add",
        "Web shop",
        *("--redirect", "https://shop.example/cb", "--logout", "https://shop.example/", "--first-party"),
        *("--scope", "openid phone", "--scope", "offline_access"),
    )
    told = dict(line.split("=") for line in output.splitlines())
    _, listed, _ = run("client", "list")

    assert (code, errors) == (0, "")
    assert set(told) == {"client_id", "client_secret"}
    assert listed.strip().split("\t") == [
        told["client_id"],
        "Web shop",
        "confidential,first-party",
        "offline_access openid phone",
        "https://shop.example/cb",
    ]
    assert told["client_secret"].encode() not in (deployment / "lineproof.sqlite3").read_bytes()


def test_a_public_client_has_no_secret_and_a_removed_one_is_gone(run):
    _, output, _ = run("client", "add", "App", "--redirect", "http://127.0.0.1/cb", "--public", "--scope", "openid")
    client_id = output.strip().removeprefix("client_id=")
    _, listed, _ = run("client", "list")

    assert listed.split("\t")[1:3] == ["App", "public"]
    assert run("client", "remove", client_id) == (0, "", "")
    assert run("client", "list") == (0, "", "")
    assert run("client", "remove", client_id) == (1, "", "lineproof: There is no such client.\n")


def test_a_client_is_changed_and_the_rest_stays(run):
    _, output, _ = run("client", "add", "Shop", "--redirect", "https://shop.example/cb", "--scope", "openid phone")
    told = dict(line.split("=") for line in output.splitlines())
    client_id = told["client_id"]

    assert run("client", "change", client_id, "--name", "Web shop", "--scope", "openid", "--first-party") == (0, "", "")
    assert run("client", "list")[1].strip().split("\t")[1:] == [
        "Web shop",
        "confidential,first-party",
        "openid",
        "https://shop.example/cb",
    ]
    assert run("client", "change", client_id, "--redirect", "https://new.example/cb", "--scope", "") == (0, "", "")
    assert run("client", "list")[1].strip("\n").split("\t")[3:] == ["", "https://new.example/cb"]
    assert run("client", "change", "nobody")[2] == "lineproof: There is no such client.\n"


def test_a_client_gets_another_secret(run):
    _, output, _ = run("client", "add", "Sync")
    told = dict(line.split("=") for line in output.splitlines())

    code, printed, errors = run("client", "rotate", told["client_id"])

    assert (code, errors) == (0, "")
    assert printed.startswith("client_secret=")
    assert printed.strip() != f"client_secret={told['client_secret']}"


def test_a_client_that_cannot_be_added_is_told_in_one_line(run):
    code, output, errors = run("client", "add", "Shop", "--redirect", "http://shop.example/cb")

    assert (code, output) == (1, "")
    assert errors == "lineproof: The redirect URI http://shop.example/cb must be https, but on a loopback address.\n"


def test_migrating_twice_is_as_good_as_once(run, deployment):
    assert run("migrate") == (0, "", "")
    assert run("migrate") == (0, "", "")

    database = Database.open(f"sqlite:///{deployment / 'lineproof.sqlite3'}")
    assert database.is_current()
    database.close()


def test_the_interface_is_described(run):
    code, output, errors = run("openapi")

    assert (code, errors) == (0, "")
    assert output.startswith("openapi: 3.1")
    assert "/scim2/Users" in output


def test_all_faults_of_the_settings_are_named_at_once_and_no_value(run, monkeypatch):
    monkeypatch.setenv("LINEPROOF_PORT", "70000")
    monkeypatch.setenv("LINEPROOF_OTP_LENGTH", "4")
    monkeypatch.setenv("LINEPROOF_MASTER_KEYS", "k1:very-secret")

    code, output, errors = run("migrate")

    assert (code, output) == (1, "")
    assert errors.count("\n") == 1
    for name in ("LINEPROOF_PORT", "LINEPROOF_OTP_LENGTH", "LINEPROOF_MASTER_KEYS"):
        assert name in errors
    assert "very-secret" not in errors


def test_a_variable_that_is_no_setting_is_warned_of(run, monkeypatch):
    monkeypatch.setenv("LINEPROOF_OTP_LENGHT", "6")

    code, _, errors = run("token", "--client", "shop")

    assert (code, errors) == (0, "lineproof: LINEPROOF_OTP_LENGHT is not a setting\n")


def test_keys_that_others_may_read_are_refused(run, deployment):
    run("token", "--client", "shop")
    (deployment / "issuer.jwks").chmod(0o644)

    code, output, errors = run("token", "--client", "shop")

    assert (code, output) == (1, "")
    assert "open to others" in errors


def test_an_old_schema_is_the_operators_to_migrate(run, monkeypatch, postgresql_server):
    postgresql_server.execute("CREATE DATABASE of_commands TEMPLATE template0")
    monkeypatch.setenv("LINEPROOF_DATABASE_URL", postgresql_server.url("of_commands"))
    monkeypatch.setenv("LINEPROOF_MASTER_KEYS", key_ring().export())
    monkeypatch.setenv("LINEPROOF_ISSUER_KEYS", generate_issuer_keys())
    refused = run("user", "add", "bob")
    migrated = run("migrate")

    added = run("user", "add", "bob")

    postgresql_server.execute("DROP DATABASE of_commands WITH (FORCE)")
    told = "lineproof: the database schema is not that of this version: run `lineproof migrate`\n"
    assert refused == (1, "", told)
    assert migrated == (0, "", "")
    assert (added[0], added[2]) == (0, "")


def test_a_port_that_is_taken_is_told(run, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("LINEPROOF_PORT", str(port))

        code, output, errors = run("serve", "--no-delivery")

    assert (code, output) == (1, "")
    assert errors.startswith(f"lineproof: cannot listen on 127.0.0.1:{port}: ")
