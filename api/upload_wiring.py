"""What takes in files that come by browser, made when the first of them comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.resource_wiring import user_service
from api.services.passwords import PasswordService
from api.transfer.uploads import UploadService
from verification.passwords import PasswordRules

if TYPE_CHECKING:
    from api.wiring import Services


def build_uploads(services: Services) -> UploadService:
    """Make the use cases of uploads."""
    settings = services.settings
    passwords = PasswordService(PasswordRules(settings.password_min_length))
    # Who takes in thousands of users does not mean to write to all of them.
    users = user_service(services.core, passwords)
    return UploadService(services.core, users, services.administrators, settings.import_max_bytes)
