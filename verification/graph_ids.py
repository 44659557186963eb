"""The ids that Microsoft Graph gives to methods of which a user has one (facts C.1); ours have the same."""

from __future__ import annotations

from verification.methods import PhoneType

PHONE_IDS = {
    PhoneType.MOBILE: "3179e48a-750b-4051-897c-87b9720928f7",
    PhoneType.ALTERNATE_MOBILE: "b6332ec1-7057-4abe-9331-3d72feddfe41",
    PhoneType.OFFICE: "e37fc753-ff3b-4958-9484-eaa9425c82bc",
}
EMAIL_ID = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f"
PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"  # noqa: S105 - an id
# Graph gives these an id of their own each time; ours has one of each.
AUTHENTICATOR_ID = "b1d4f2b6-6a3e-4a0e-9d2a-5a7f0b7d9c11"
RECOVERY_CODES_ID = "0f6b7c1e-3f0a-4f6e-8c55-7d1f2e9b4a22"
