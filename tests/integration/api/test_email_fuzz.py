"""Changes of addresses that nobody has thought of: never a fault of the server, never an address without its proof."""

from __future__ import annotations

import itertools
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.services.primaries import primary_email
from tests.factories.application import make_application
from tests.factories.correspondents import ANN, BEN, CAT, DAN, EVE, add_correspondent
from tests.factories.servers import ENTERPRISE, WSO2
from verification.addresses import stored_address

NUMBERS = itertools.count(1)
PROVED = {ANN, BEN}
"""What bob has verified, and all that he ever may: nobody here submits a right code, or asserts an address."""
ADDRESSES = st.sampled_from(
    [ANN, BEN, CAT, DAN, EVE, "Ann@Example.COM", "dan@münchen.de", "", " ", "none", "\u202e@x.y"]
)
ELEMENTS = st.one_of(
    ADDRESSES,
    st.fixed_dictionaries(
        {},
        optional={
            "value": st.one_of(ADDRESSES, st.none(), st.integers()),
            "type": st.sampled_from(["work", "home"]),
            "primary": st.one_of(st.booleans(), st.just("True")),
        },
    ),
)
LISTS = st.one_of(ADDRESSES, st.lists(ADDRESSES, max_size=3), st.just(f"{ANN}, {DAN}"), st.none())
PATHS = st.sampled_from(
    [
        "emails",
        'emails[type eq "work"]',
        'emails[type eq "work"].value',
        'emails[type eq "home"].primary',
        "emails[primary eq true].value",
        f'emails[value eq "{ANN}"]',
        f"{WSO2}:emailAddresses",
        f"{WSO2}:verifiedEmailAddresses",
        f"{WSO2}:pendingEmails",
        f"{ENTERPRISE}:verifyEmail",
        WSO2,
    ]
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "emails": st.lists(ELEMENTS, max_size=3),
        WSO2: st.fixed_dictionaries(
            {},
            optional={
                "emailAddresses": LISTS,
                "verifiedEmailAddresses": LISTS,
                "verifyEmail": st.booleans(),
                "pendingEmails": st.lists(ELEMENTS, max_size=1),
                "emailVerified": st.booleans(),
            },
        ),
    },
)
OPERATIONS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"op": st.sampled_from(["add", "replace"]), "value": BODIES}),
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "replace", "remove"]), "path": PATHS},
            optional={"value": st.one_of(ELEMENTS, st.lists(ELEMENTS, max_size=3), LISTS, st.booleans())},
        ),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def application(tmp_path_factory, sqlite_template, keys):
    """Start the application, once for all tests."""
    place = tmp_path_factory.mktemp("addresses")
    shutil.copy(sqlite_template, place / "lineproof.db")
    url = f"sqlite:///{place / 'lineproof.db'}"
    started = make_application(url, place, **keys, email_verification="true", dialect="current")
    yield started
    started.services.core.database.close()


def add_bob(application):
    """Add another bob: what one has lost cannot be proved again."""
    return add_correspondent(application, f"bob{next(NUMBERS)}", n=(ANN, BEN, CAT), v=(ANN, BEN))


def assert_answered(answer):
    assert answer.status_code < 500, answer.get_data(as_text=True)


def assert_promises(user):
    shown, live = user.show(), user.live()
    ours, emails = shown.get(WSO2, {}), shown.get("emails", [])
    primary = primary_email(emails, [])
    pending = [item["value"] for item in ours.get("pendingEmails", [])]
    verified = {stored_address(text).key for text in ours.get("verifiedEmailAddresses", [])}

    assert verified <= PROVED
    assert verified <= {stored_address(text).key for text in ours.get("emailAddresses", [])}
    assert pending == ([live.target.text] if live else [])
    assert ("emailVerified" in ours) == (primary is not None)
    # Bob begins with an address that is proved, and every other one waits.
    assert primary is None or ours["emailVerified"] is (stored_address(primary["value"]).key in PROVED) is True


@settings(max_examples=60)
@given(operations=OPERATIONS, more=OPERATIONS)
def test_no_patch_makes_an_address_primary_or_verified_without_its_proof(application, operations, more):
    bob = add_bob(application)

    assert_answered(bob.caller.patch("/scim2/Me", *operations))
    assert_promises(bob)
    assert_answered(application.admin().patch(bob.path, *more))
    assert_promises(bob)


@settings(max_examples=25)
@given(body=BODIES)
def test_no_put_does_either(application, body):
    bob = add_bob(application)

    assert_answered(application.admin().put(bob.path, {"userName": "bob", **body}))
    assert_promises(bob)
