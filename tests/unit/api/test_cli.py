"""The command line: its commands, its exit codes, and what it loads for each."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from api.cli import COMMANDS, lineproof, main


def loaded_for(code: str, tmp_path) -> set[str]:
    """Return what a fresh interpreter has loaded after some code."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LINEPROOF_")}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"],
        env={**environ, "LINEPROOF_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def exit_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_there_and_says_what_it_does(name):
    command = lineproof.get_command(None, name)

    assert command is not None
    assert command.name == name
    assert command.get_short_help_str()


def test_version_is_told(capsys):
    assert exit_of("--version") == 0
    assert capsys.readouterr().out.startswith("lineproof ")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("unheard-of",), id="no such command"),
        pytest.param(("token", "--user", "bob", "--client", "c"), id="both"),
        pytest.param(("token",), id="neither"),
        pytest.param(("token", "--client", "c", "--scope", "everything"), id="no such scope"),
        pytest.param(("token", "--client", "c", "--lifetime", "0"), id="no lifetime"),
        pytest.param(("serve", "--workers", "0"), id="no workers"),
    ],
)
def test_wrong_usage_is_2(arguments, capsys):
    assert exit_of(*arguments) == 2
    assert capsys.readouterr().out == ""


def test_a_fault_of_the_operator_is_told_in_one_line(capsys, monkeypatch):
    monkeypatch.setenv("LINEPROOF_PORT", "many")

    assert exit_of("token", "--client", "c") == 1
    assert capsys.readouterr().err == "lineproof: LINEPROOF_PORT: must be a whole number from 1 to 65535\n"


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(lineproof.get_command(None, "migrate"), "callback", fail)

    with pytest.raises(ZeroDivisionError):
        main(("migrate",))


@pytest.mark.parametrize(
    ("code", "spared"),
    [
        pytest.param("import api.cli", {"sqlalchemy", "flask", "joserfc", "granian", "requests"}, id="any command"),
        pytest.param(
            "from api.cli import lineproof; lineproof(['token', '--client', 'c'], standalone_mode=False)",
            {"sqlalchemy", "flask", "granian", "requests"},
            id="a client's token",
        ),
        pytest.param(
            "import api.commands.worker",
            {"flask", "marshmallow", "granian", "psycopg", "alembic"},
            id="delivery",
        ),
        pytest.param("import api.commands.serve, api.server", {"psycopg", "alembic", "requests"}, id="HTTP on SQLite"),
    ],
)
def test_what_is_not_used_is_not_loaded(code, spared, tmp_path):
    assert loaded_for(code, tmp_path) & spared == set()
