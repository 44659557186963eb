"""The faults that an operator can mend: told in one line, without a traceback."""

from __future__ import annotations

from api import bulk_resets
from api.bulk_resets import DirectoryDown
from api.commands.deployment import CommandError
from api.keys import KeyFileError
from api.listening import AddressInUse
from api.services.errors import UseCaseError
from api.settings import SettingsError
from api.transfer.forms import FaultyFile
from persistence.errors import PersistenceError
from providers.errors import ProviderConfigError
from scim.errors import ScimError
from scim.schemas import SchemaFault
from verification.errors import InvalidTexts

FAULTS = (
    AddressInUse,
    CommandError,
    DirectoryDown,
    bulk_resets.FaultyFile,
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
