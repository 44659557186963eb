"""What may be brought in by file."""

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting

_GIBIBYTE = 1 << 30


@dataclass(frozen=True, kw_only=True)
class TransferSettings:
    """What may be brought in by file."""

    import_max_bytes: int = setting(
        read.integer(1024, _GIBIBYTE),
        "67108864",
        "Bytes of a file of users that is brought to the Console at most; `lineproof import` knows no bound.",
    )
