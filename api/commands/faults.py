"""The faults that an operator can mend: told in one line, without a traceback."""

from __future__ import annotations

from api.bulk_resets import DirectoryDown, FaultyFile
from api.commands.deployment import CommandError
from api.keys import KeyFileError
from api.listening import AddressInUse
from api.services.errors import UseCaseError
from api.settings import SettingsError
from persistence.errors import PersistenceError
from providers.errors import ProviderConfigError
from scim.errors import ScimError
from scim.schemas import SchemaFault
from verification.errors import InvalidTexts

FAULTS = (
    AddressInUse,
    CommandError,
    DirectoryDown,
    FaultyFile,
    InvalidTexts,
    KeyFileError,
    PersistenceError,
    ProviderConfigError,
    SchemaFault,
    ScimError,
    SettingsError,
    UseCaseError,
)
