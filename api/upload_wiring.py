"""What takes in files that come by browser, made when the first of them comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.resource_wiring import user_service
from api.transfer.uploads import UploadService

if TYPE_CHECKING:
    from api.wiring import Services


def build_uploads(services: Services) -> UploadService:
    """Make the use cases of uploads."""
    # Who takes in thousands of users does not mean to write to all of them.
    users = user_service(services.core, services.own_passwords.passwords)
    return UploadService(services.core, users, services.administrators, services.settings.import_max_bytes)
