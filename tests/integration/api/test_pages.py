"""The pages: what they tell a browser, what they take from one, and how they tell of a fault."""

from __future__ import annotations

import gzip
import re

import pytest

from persistence.errors import DatabaseUnavailable, SchemaOutdated
from tests.factories.browsing import Browser
from verification.errors import Limit, LimitReached

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(standing):
    return Browser(standing.application.app)


def language_form(browser, path="/"):
    return browser.get(path).form_with("locale")


def cookies(answer):
    return answer.headers.getlist("Set-Cookie")


def test_page_lets_nothing_in_from_elsewhere(browser):
    headers = browser.get("/").answer.headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("style-src", "script-src", "img-src", "form-action")} == {"'self'"}
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_page_cannot_be_framed_kept_or_guessed_at(browser):
    headers = browser.get("/").answer.headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_page_has_nothing_inline(browser):
    page = browser.get("/")

    assert [element.tag for element in page.root.iter("style")] == []
    assert [
        name for element in page.root.iter() for name in element.attrib if name == "style" or name[:2] == "on"
    ] == []


def test_assets_are_kept_for_good(browser):
    page = browser.get("/")
    paths = [link.get("href") for link in page.root.iter("link")]

    for path in paths:
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_assets_are_packed_for_who_can_unpack(browser):
    path = next(link.get("href") for link in browser.get("/").root.iter("link") if link.get("rel") == "stylesheet")

    packed = browser.client.get(path, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == browser.client.get(path).data


def test_asset_of_another_version_is_not_kept(browser):
    answer = browser.client.get("/assets/0000000000000000/site.css")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["site.js.map", "base.html", "..", "%2e%2e%2fhome.py"])
def test_nothing_else_is_an_asset(browser, name):
    assert browser.client.get(f"/assets/x/{name}", headers=HTML).status_code == 404


def test_cookies_are_for_this_service_alone(browser):
    (cookie,) = cookies(browser.get("/").answer)

    assert re.fullmatch(r"lineproof-visit=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_cookies_travel_over_tls_alone_where_there_is_tls(start):
    browser = Browser(start(base_url="https://id.example").app)

    (cookie,) = cookies(browser.get("/").answer)

    assert re.fullmatch(r"__Host-lineproof-visit=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_visit_that_nobody_was_given_is_replaced(browser):
    browser.client.set_cookie("lineproof-visit", "planted")

    (cookie,) = cookies(browser.get("/").answer)

    assert "planted" not in cookie


def test_language_is_the_browsers(standing):
    assert Browser(standing.application.app, "fr-CA,de;q=0.5").get("/").language == "fr"


def test_language_is_the_one_that_was_chosen(browser):
    page = browser.send(language_form(browser, "/?a=b"), locale="ta")

    assert (page.language, page.path) == ("ta", "/?a=b")
    assert browser.get("/").language == "ta"


def test_language_is_the_one_that_the_application_asks_for(browser):
    assert browser.get("/?ui_locales=xx+ja").language == "ja"
    assert browser.get("/?return_to=/oauth2/authorize%3Fui_locales%3Dde").language == "de"


def test_language_that_is_none_changes_nothing(browser):
    assert browser.send(language_form(browser), locale="xx").language == "en"


@pytest.mark.parametrize("here", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example"])
def test_browser_is_never_sent_elsewhere(browser, here):
    assert browser.post(language_form(browser), here=here).headers["Location"] == "/"


def test_form_without_its_token_is_refused(browser):
    form = language_form(browser)
    del form.values["form_token"]

    page = browser.send(form, locale="de")

    assert (page.status, page.heading) == (403, "This form has expired")
    assert browser.get("/").language == "en"


def test_form_with_the_token_of_another_browser_is_refused(standing, browser):
    form = language_form(browser)
    token = language_form(Browser(standing.application.app)).values["form_token"]

    assert browser.post(form, form_token=token).status_code == 403


def test_form_from_another_site_is_refused(browser):
    form = language_form(browser)

    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert browser.client.post(form.action, data=form.values, headers=headers).status_code == 403


def test_huge_form_is_refused(browser):
    assert browser.post(language_form(browser), here="/" + "a" * 20_000).status_code == 413


def test_path_that_is_nothing_is_a_page_for_people_and_json_for_programs(browser):
    page = browser.get("/nothing/here")

    assert (page.status, page.heading) == (404, "There is no such page")
    answer = browser.client.get("/nothing/here", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/scim2/nothing", "/api/nothing", "/oauth2/nothing", "/healthz/nothing"])
def test_path_of_programs_never_answers_by_a_page(browser, path):
    answer = browser.client.get(path, headers=HTML)

    assert (answer.status_code, answer.is_json or answer.mimetype) in {(404, True), (404, "application/scim+json")}


def test_wrong_method_of_a_page_names_the_right_ones(browser):
    answer = browser.client.get("/language", headers=HTML)

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (LimitReached(Limit.DAILY, 40), 429, "Try again in 40 s."),
        (LimitReached(Limit.DAILY, 61), 429, "Try again in 2 min."),
        (DatabaseUnavailable(), 503, "Nothing is lost"),
        (RuntimeError("secret"), 500, "It is not your fault."),
    ],
    ids=["seconds", "minutes", "database", "unforeseen"],
)
def test_fault_of_a_page_is_a_page(standing, browser, monkeypatch, fault, status, words):
    def fail(visit):
        raise fault

    monkeypatch.setattr("api.pages.home.show", fail)

    page = browser.get("/")

    assert page.status == status
    assert words in page.text
    assert page.answer.headers["X-Request-Id"] in page.text
    assert "secret" not in page.answer.text


@pytest.mark.parametrize("fault", [DatabaseUnavailable, SchemaOutdated])
def test_a_fault_that_hides_the_visitor_is_a_page_all_the_same(browser, monkeypatch, fault):
    def fail(service, token):
        raise fault

    browser.client.set_cookie("lineproof-session", "x")
    monkeypatch.setattr("api.services.sessions.SessionService.lookup", fail)

    page = browser.get("/myaccount")

    assert page.status >= 500
    assert page.answer.headers["X-Request-Id"] in page.text
