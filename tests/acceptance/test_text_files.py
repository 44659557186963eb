"""A deployer's own texts, from files to the message that goes out."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.factories.servers import COMMAND, Service, environment, free_port

pytestmark = pytest.mark.acceptance


def test_a_text_of_the_deployment_goes_out_and_a_long_one_is_told(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    text = "{service}: {code} ({minutes} min). " + "Please keep it to yourself. " * 6
    (folder / "en.json").write_text(json.dumps({"mobile_update": {"sms": text.strip()}}), encoding="utf-8")
    settings = {"text_dir": str(folder), "service_name": "Example Bank"}
    service = Service(tmp_path / "data", settings=settings).start()

    service.user("bob").set_mobile("/scim2/Me", "0123456789")

    assert service.process.wait_for_line(r"SMS to \S+: Example Bank: \d{6} \(5 min\)\.")
    assert service.process.stop() == 0
    told = [json.loads(line) for line in service.process.complaints if "text takes several parts" in line]
    assert [(line["template"], line["locale"], line["parts"]) for line in told] == [("mobile_update", "en", 2)]


@pytest.mark.parametrize("arguments", [("serve", "--workers", "1"), ("worker",)], ids=["serve", "worker"])
def test_faulty_texts_stop_the_start_in_one_line(tmp_path, arguments):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "en.json").write_text(json.dumps({"mobile_update": {"sms": "{cod}"}, "fax": {}}), encoding="utf-8")
    environ = environment(tmp_path / "data", free_port(), text_dir=str(folder))

    done = subprocess.run(
        [str(COMMAND), *arguments], env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    faults = (
        "en.json: fax: there is no such template; en.json: mobile_update.sms: unknown placeholder {cod}; "
        "en.json: mobile_update.sms: misses the placeholder {code}; "
        "en.json: mobile_update.sms: misses the placeholder {minutes}"
    )
    assert (done.returncode, done.stderr.splitlines()) == (1, [f"lineproof: {faults}"])
    assert "ready" not in done.stdout
