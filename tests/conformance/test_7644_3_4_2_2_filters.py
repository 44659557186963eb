"""RFC 7644 §3.4.2.2: every operator on every type, grouping and precedence, value filters, and what is refused."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, SETTINGS, USER, Client, expect, expect_error

PEOPLE = {
    "bjensen": {
        "userType": "Employee",
        "title": "Tour Guide",
        "name": {"familyName": "O'Malley", "givenName": "Barbara"},
        "active": True,
        "externalId": "Ext-1",
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@jensen.example.org", "type": "home"},
        ],
        "photos": [{"value": "https://photos.example.com/B.JPG", "type": "photo"}],
        "x509Certificates": [{"value": "aGVsbG8="}],
    },
    "JSmith": {
        "userType": "Intern",
        "name": {"familyName": "Smith"},
        "active": False,
        "emails": [
            {"value": "smith@example.com", "type": "home"},
            {"value": "smith@other.net", "type": "work"},
        ],
        "ims": [{"value": "smith@foo.com", "type": "xmpp"}],
    },
    "kim": {
        "userType": "Contractor",
        "title": "Head",
        "name": {"familyName": "Åkesson"},
        ENTERPRISE: {"department": "Tours", "employeeNumber": "7", "manager": {"value": "26118915"}},
    },
    "li": {
        "userType": "employee",
        "title": '100%_Guide\\ "Li"',
        "displayName": "Straße",
        "emails": [{"value": "li@EXAMPLE.com", "type": "other"}],
    },
}
B, J, K, L = PEOPLE
EVERYBODY = {B, J, K, L}

EXAMPLES = [
    ('userName eq "bjensen-MARK"', {B}),
    ('name.familyName co "O\'Malley"', {B}),
    ('userName sw "J"', {J}),
    (f'{USER}:userName sw "J"', {J}),
    ("title pr", {B, K, L}),
    ('meta.lastModified gt "2011-05-13T04:42:34Z"', EVERYBODY),
    ('meta.lastModified ge "2011-05-13T04:42:34Z"', EVERYBODY),
    ('meta.lastModified lt "2011-05-13T04:42:34Z"', set()),
    ('meta.lastModified le "2011-05-13T04:42:34Z"', set()),
    ('title pr and userType eq "Employee"', {B, L}),
    ('title pr or userType eq "Intern"', EVERYBODY),
    (f'schemas eq "{ENTERPRISE}"', {K}),
    ('userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', {B, L}),
    ('userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', {K}),
    ('userType eq "Employee" and (emails.type eq "work")', {B}),
    ('userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', {B}),
    ('emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', {B, J}),
]
OPERATORS = [
    ('title eq "tour guide"', {B}),
    ('title ne "tour guide"', {J, K, L}),
    ('title co "GUIDE"', {B, L}),
    ('title sw "tour"', {B}),
    ('title ew "guide"', {B}),
    ('title gt "head"', {B}),
    ('title ge "head"', {B, K}),
    ('title lt "head"', {L}),
    ('title le "head"', {K, L}),
    ('externalId eq "Ext-1"', {B}),
    ('externalId eq "ext-1"', set()),
    ('externalId sw "Ext"', {B}),
    ('externalId co "XT"', set()),
    ('photos.value eq "https://photos.example.com/B.JPG"', {B}),
    ('photos.value co "b.jpg"', set()),
    ("active eq true", {B}),
    ("active eq false", {J}),
    ("active ne true", {J, K, L}),
    ("active pr", {B, J}),
    ('x509Certificates.value eq "aGVsbG8="', {B}),
    ('x509Certificates.value ne "aGVsbG8="', {J, K, L}),
    ('meta.resourceType eq "User"', EVERYBODY),
    ('meta.created eq "2011-05-13T04:42:34Z"', set()),
    ('displayName eq "STRASSE"', set()),
    ('displayName eq "straße"', {L}),
    ('name.familyName eq "åKESSON"', {K}),
    ('id eq "unknown"', set()),
]
WILDCARDS = [
    ('title co "%"', {L}),
    ('title co "_"', {L}),
    ('title sw "100%_g"', {L}),
    ('title co "0_%"', set()),
    (r'title co "\\"', {L}),
    (r'title ew "\"li\""', {L}),
    (r'title co "\u0047uide"', {B, L}),
    ('title co "\'"', set()),
]
PRESENCE = [
    ("emails pr", {B, J, L}),
    ("not (emails pr)", {K}),
    ("name pr", {B, J, K}),
    ("name.givenName pr", {B}),
    ("emails.primary pr", {B}),
    ("ims[type pr]", {J}),
    ("displayName eq null", {B, J, K}),
    ("displayName ne null", {L}),
    (f"{ENTERPRISE}:department pr", {K}),
    (f"{ENTERPRISE}:manager pr", {K}),
]
MULTI_VALUED = [
    ('emails eq "SMITH@other.net"', {J}),
    ('emails.type eq "work"', {B, J}),
    ('emails.type ne "work"', {K, L}),
    ('emails.type eq "work" and emails.value co "example.com"', {B, J}),
    ('emails[type eq "work" and value co "example.com"]', {B}),
    ('emails[type eq "work" and not (value co "example.com")]', {J}),
    ('not (emails[type eq "work"])', {K, L}),
    ('emails[type eq "work" or type eq "other"]', {B, J, L}),
    ("emails[primary eq true]", {B}),
    ('emails[type eq "work"].value eq "smith@other.net"', {J}),
    ('emails[type eq "home"].value eq "smith@other.net"', set()),
    (f'{USER}:emails[type eq "work"].value ew ".NET"', {J}),
]
LOGIC = [
    ('title eq "head" or title eq "tour guide" and active eq true', {B, K}),
    ('(title eq "head" or title eq "tour guide") and active eq true', {B}),
    ("not (title pr) or title pr", EVERYBODY),
    ('not (title eq "head") and not (title eq "tour guide")', {J, L}),
    ('not (not (title eq "head"))', {K}),
    ('((((title eq "head"))))', {K}),
    ('TITLE EQ "head" AND (NAME.FAMILYNAME PR)', {K}),
    ('title Eq "head" oR tITLE eQ "tour guide"', {B, K}),
]
EXTENSIONS = [
    (f'{ENTERPRISE}:department eq "tours"', {K}),
    (f'{ENTERPRISE.upper()}:DEPARTMENT eq "tours"', {K}),
    (f'{ENTERPRISE}:manager.value eq "26118915"', {K}),
    (f'{ENTERPRISE}:manager eq "26118915"', {K}),
    (f'{ENTERPRISE}:employeeNumber gt "6"', {K}),
]


@pytest.fixture(scope="module")
def crowd(applications):
    """Return a client with people who are only looked at."""
    service = applications(**SETTINGS)
    client = Client(service, service.admin())
    for name, attributes in PEOPLE.items():
        client.add_user(userName=f"{name}-{client.mark}", **attributes)
    return client


def found(crowd, text):
    return {user["userName"].removesuffix(f"-{crowd.mark}") for user in crowd.users(text.replace("MARK", crowd.mark))}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_7644_3_4_2_2_example_of_the_rfc(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), OPERATORS, ids=[text for text, _ in OPERATORS])
def test_7644_3_4_2_2_operator(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), WILDCARDS, ids=[text for text, _ in WILDCARDS])
def test_7644_3_4_2_2_text_is_compared_as_it_is(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), PRESENCE, ids=[text for text, _ in PRESENCE])
def test_7644_3_4_2_2_presence(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), MULTI_VALUED, ids=[text for text, _ in MULTI_VALUED])
def test_7644_3_4_2_2_multi_valued_attribute(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), LOGIC, ids=[text for text, _ in LOGIC])
def test_7644_3_4_2_2_logic(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(("text", "expected"), EXTENSIONS, ids=[text for text, _ in EXTENSIONS])
def test_7644_3_4_2_2_attribute_of_an_extension(crowd, text, expected):
    assert found(crowd, text) == expected


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("count eq 7", True),
        ("count gt 6.5", True),
        ("count lt 7", False),
        ("weight ge 12.50", True),
        ("weight eq 1.25e1", True),
        ("weight lt -1", False),
        ('madeAt eq "2026-01-31T10:00:00+02:00"', True),
        ('madeAt gt "2026-01-31T07:59:59.999Z"', True),
        ('madeAt le "2026-01-31T07:59:59Z"', False),
        ("isNew eq true", True),
        ('code eq "Ab"', True),
        ('code eq "ab"', False),
        ('code ge "AB"', True),
        ('tags eq "RED"', True),
        ("sizes eq 3", True),
        ("sizes gt 3", False),
        ('parts[value eq "a" and number eq 2]', True),
        ('parts[value eq "a" and number eq 3]', False),
        ("parts.number ge 3", True),
        ('box.shelf sw "TOP"', True),
        ("box[place eq 4]", True),
        ('notes eq "hidden"', True),
    ],
    ids=str,
)
def test_7644_3_4_2_2_every_data_type_compares_by_its_kind(things, text, matches):
    label = things.name("thing")
    body = {
        "label": label,
        "code": "Ab",
        "count": 7,
        "weight": 12.5,
        "madeAt": "2026-01-31T08:00:00Z",
        "isNew": True,
        "tags": ["red", "blue"],
        "sizes": [1, 3],
        "parts": [{"value": "a", "number": 2}, {"value": "b", "number": 3}],
        "box": {"shelf": "top", "place": 4},
        "notes": "hidden",
    }
    expect(things.post("/Things", body), 201)

    total = expect(things.get("/Things", filter=f'label eq "{label}" and {text}'))["totalResults"]

    assert total == int(matches)


def test_7644_3_4_2_2_dates_compare_by_their_moment(scim):
    user = scim.add_user()
    scim.application.clock.move(seconds=1)
    changed = scim.patched(user, {"op": "add", "path": "title", "value": "Guide"})["meta"]

    assert len(scim.users(f'meta.created lt "{changed["lastModified"]}"')) == 1
    assert len(scim.users(f'meta.lastModified eq "{changed["lastModified"]}"')) == 1
    assert scim.users(f'meta.created eq "{changed["lastModified"]}"') == []


@pytest.mark.parametrize(
    "text",
    [
        "title",
        "title eq",
        'title eq "a',
        "title eq 'a'",
        "title eq guide",
        'eq "a"',
        'title = "a"',
        'title like "a"',
        'title eq "a" and',
        'and title eq "a"',
        'title eq "a" title eq "b"',
        '(title eq "a"',
        'title eq "a")',
        'emails[type eq "work"',
        'emails[type eq "work"]x',
        'emails[emails[type eq "work"]]',
        'title[type eq "work"]',
        'not title eq "a"',
        "()",
        'title pr "a"',
        "active gt true",
        "active co true",
        "active eq 1",
        'x509Certificates.value gt "aGVsbG8="',
        "meta.created gt 5",
        'meta.created gt "yesterday"',
        "title eq 5",
        "title gt null",
        'name eq "a"',
        'shoeSize eq "41"',
        'emails.colour eq "blue"',
        'urn:example:unknown:title eq "a"',
        'title eq "a\\q"',
        'title eq "a" ; drop table resources',
    ],
)
def test_7644_3_4_2_2_faulty_filter_is_refused(scim, text):
    expect_error(scim.get("/Users", filter=text), 400, "invalidFilter")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 20 + "title pr" + ")" * 20, id="deep"),
        pytest.param(" or ".join(["title pr"] * 100), id="wide"),
        pytest.param(f'title eq "{"a" * 5000}"', id="long"),
    ],
)
def test_7644_7_filter_beyond_the_bounds_is_refused(scim, text):
    expect_error(scim.get("/Users", filter=text), 400, "invalidFilter")


def test_7644_3_4_2_2_faulty_filter_is_refused_with_its_position(scim):
    error = expect_error(scim.get("/Users", filter='title pr and shoeSize eq "41"'), 400, "invalidFilter")

    assert "Character 14" in error["detail"]


def test_7644_3_4_2_2_filter_is_of_the_type_of_its_endpoint(scim):
    expect_error(scim.get("/Groups", filter='userName eq "a"'), 400, "invalidFilter")
    expect_error(scim.get("/Users", filter='members.value eq "a"'), 400, "invalidFilter")


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ('members.value eq "ANN"', True),
        ('members eq "ANN"', True),
        ('members[value eq "ANN"]', True),
        ('members[value eq "ANN" and type eq "Group"]', False),
        ('members.value eq "unknown"', False),
        ("members pr", True),
        ('displayName eq "GROUP" and members.value eq "ANN"', True),
        ('id eq "ID" and members eq "ANN"', True),
    ],
)
def test_7644_3_4_2_2_groups_are_found_by_their_members(scim, text, matches):
    ann = scim.add_user()
    group = scim.add_group(members=[{"value": ann["id"]}])
    words = {"ANN": ann["id"], "GROUP": group["displayName"], "ID": group["id"]}
    for word, value in words.items():
        text = text.replace(f'"{word}"', f'"{value}"')

    resources = expect(scim.get("/Groups", filter=f'displayName eq "{group["displayName"]}" and {text}'))["Resources"]

    assert [found["id"] for found in resources] == ([group["id"]] if matches else [])


def test_7644_3_4_2_2_users_are_found_by_their_groups(scim):
    ann = scim.add_user()
    inner = scim.add_group(members=[{"value": ann["id"]}])
    outer = scim.add_group(members=[{"value": inner["id"]}])
    scim.add_user()

    for group in (inner, outer):
        assert [found["id"] for found in scim.users(f'groups.value eq "{group["id"]}"')] == [ann["id"]]
    assert [found["id"] for found in scim.users(f'groups.display eq "{inner["displayName"]}"')] == [ann["id"]]
