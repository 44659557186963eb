"""`make msgraph`: the official client of Microsoft Graph, in an environment of its own, against a service of ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.factories.servers import WSO2, Service

HERE = Path(__file__).parent
USER = "kim@contoso.test"
SCOPES = "internal_user_mgt_view internal_user_mgt_update internal_mfa_reset"


def main(python: str) -> int:
    """Start the service with a user who has some methods, run the client, and return its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder)).start()
        try:
            return subprocess.run([python, str(HERE / "sdk.py")], env=_prepared(service), check=False).returncode
        finally:
            service.process.kill()


def _prepared(service: Service) -> dict[str, str]:
    admin = service.admin()
    document = {
        "userName": USER,
        "emails": [{"value": USER}],
        "phoneNumbers": [{"type": "mobile", "value": "+12065555555"}],
        WSO2: {"verifiedMobileNumbers": ["+12065555555"]},
    }
    user_id = admin.call("POST", "/scim2/Users", document).json()["id"]
    alternate = {"phoneNumber": "+1 2065550100", "phoneType": "alternateMobile"}
    admin.call("POST", f"/v1.0/users/{user_id}/authentication/phoneMethods", alternate).raise_for_status()
    methods = f"/api/identity/mfa/v1.0/users/{user_id}/methods"
    admin.call("POST", methods, {"type": "microsoftAuthenticator"}).raise_for_status()
    printed = service.command("client", "add", "SDK", "--scope", SCOPES)
    client_id, client_secret = re.findall(r"client_(?:id|secret)=(\S+)", printed)
    return {
        **os.environ,
        "TWIN_URL": service.url,
        "TWIN_USER": USER,
        "TWIN_CLIENT_ID": client_id,
        "TWIN_CLIENT_SECRET": client_secret,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
