"""The types of Graph and our kinds, both ways."""

from __future__ import annotations

import pytest

from verification.graph_names import SEGMENTS, kind_of, type_of
from verification.methods import MethodKind


@pytest.mark.parametrize("kind", sorted(SEGMENTS))
def test_a_type_and_its_kind_belong_together(kind: MethodKind):
    assert kind_of(type_of(kind)) is kind


def test_types_are_those_of_graph():
    assert type_of(MethodKind.MICROSOFT_AUTHENTICATOR) == "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod"
    assert type_of(MethodKind.EXTERNAL) == "#microsoft.graph.externalAuthenticationMethod"
    assert kind_of("#microsoft.graph.qrCodePinAuthenticationMethod") is MethodKind.OTHER
