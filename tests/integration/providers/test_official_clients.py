"""The vendors' own clients speak to our stand-ins, so these answer as the real gateways do."""

from __future__ import annotations

import pytest
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from vonage import Auth, HttpClientOptions, Vonage
from vonage_sms import SmsMessage
from vonage_sms.errors import PartialFailureError, SmsError

from tests.factories.gateways import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    MAGIC_RECIPIENTS,
    MAGIC_SENDERS,
    Reply,
    TwilioGateway,
    VonageGateway,
)
from tests.factories.messages import TEXT

SENDER = "+15005550006"


class LoopbackTwilio(TwilioHttpClient):
    """Twilio's transport with the host replaced."""

    def __init__(self, url):
        super().__init__()
        self._url = url

    def request(self, method, url, *args, **options):
        """Send a request for Twilio to the stand-in."""
        return super().request(method, url.replace("https://api.twilio.com", self._url), *args, **options)


class LoopbackVonage(HTTPAdapter):
    """Vonage's client always asks for TLS, which the stand-in does not speak."""

    def send(self, request, **options):
        """Send a request for Vonage to the stand-in."""
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


@pytest.fixture
def twilio():
    with TwilioGateway() as gateway:
        yield gateway


@pytest.fixture
def vonage():
    with VonageGateway(statuses={"94770000001": "7"}) as gateway:
        yield gateway


def twilio_client(gateway, token=AUTH_TOKEN):
    return Client(ACCOUNT_SID, token, http_client=LoopbackTwilio(gateway.url))


def vonage_client(gateway, secret=API_SECRET):
    host = gateway.url.removeprefix("http://")
    client = Vonage(Auth(api_key=API_KEY, api_secret=secret), HttpClientOptions(rest_host=host, api_host=host))
    client.http_client._session.mount(f"https://{host}", LoopbackVonage())
    return client


def test_twilio_s_client_reads_a_message(twilio):
    sent = twilio_client(twilio).messages.create(to="+94711234567", from_=SENDER, body=TEXT, validity_period=300)

    assert (sent.sid, sent.status, sent.to, sent.body) == ("SM" + "1".zfill(32), "queued", "+94711234567", TEXT)
    assert (sent.error_code, sent.direction, sent.num_segments) == (None, "outbound-api", "1")
    assert sent.date_created.year == 2026


def test_twilio_s_client_sends_what_we_send(twilio):
    twilio_client(twilio).messages.create(to="+94711234567", from_=SENDER, body=TEXT, validity_period=300)

    (received,) = twilio.received
    assert received.body == {"To": "+94711234567", "From": SENDER, "Body": TEXT, "ValidityPeriod": "300"}


def test_twilio_s_client_uses_a_messaging_service(twilio):
    service = "MG" + "a" * 32

    sent = twilio_client(twilio).messages.create(to="+94711234567", messaging_service_sid=service, body=TEXT)

    assert (sent.status, sent.messaging_service_sid, sent.from_) == ("accepted", service, None)


@pytest.mark.parametrize(("number", "code"), MAGIC_RECIPIENTS.items())
def test_twilio_s_client_reads_a_refused_recipient(twilio, number, code):
    with pytest.raises(TwilioRestException) as caught:
        twilio_client(twilio).messages.create(to=number, from_=SENDER, body=TEXT)

    assert (caught.value.status, caught.value.code) == (400, code)


@pytest.mark.parametrize(("number", "code"), MAGIC_SENDERS.items())
def test_twilio_s_client_reads_a_refused_sender(twilio, number, code):
    with pytest.raises(TwilioRestException) as caught:
        twilio_client(twilio).messages.create(to="+94711234567", from_=number, body=TEXT)

    assert caught.value.code == code


def test_twilio_s_client_reads_refused_credentials(twilio):
    with pytest.raises(TwilioRestException) as caught:
        twilio_client(twilio, "wrong").messages.create(to="+94711234567", from_=SENDER, body=TEXT)

    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_vonage_s_client_reads_a_message(vonage):
    message = SmsMessage(to="94711234567", from_="Lineproof", text=TEXT, type="text", ttl=300000, client_ref="d-1")

    sent = vonage_client(vonage).sms.send(message)

    (part,) = sent.messages
    assert (sent.message_count, part.status, part.message_id) == ("1", "0", "0000000000000001")
    assert (part.to, part.client_ref) == ("94711234567", "d-1")


def test_vonage_s_client_sends_what_we_send(vonage):
    message = SmsMessage(to="94711234567", from_="Lineproof", text=TEXT, type="text", ttl=300000, client_ref="d-1")

    vonage_client(vonage).sms.send(message)

    assert vonage.received[0].body == {
        "to": "94711234567",
        "from": "Lineproof",
        "text": TEXT,
        "type": "text",
        "ttl": "300000",
        "client-ref": "d-1",
    }


def test_vonage_s_client_reads_several_parts(vonage):
    sent = vonage_client(vonage).sms.send(SmsMessage(to="94711234567", from_="Lineproof", text="x" * 161))

    assert [part.message_id for part in sent.messages] == ["0000000000000001", "0000000000000002"]


def test_vonage_s_client_reads_a_part_that_failed(vonage):
    parts = [{"status": "0", "message-id": "1"}, {"status": "1", "error-text": "Throughput Rate Exceeded"}]
    vonage.then(Reply(200, {"message-count": "2", "messages": parts}))

    with pytest.raises(PartialFailureError):
        vonage_client(vonage).sms.send(SmsMessage(to="94711234567", from_="Lineproof", text="x" * 161))


@pytest.mark.parametrize(("number", "status"), [("94770000001", "7"), ("12", "3")])
def test_vonage_s_client_reads_a_refusal(vonage, number, status):
    with pytest.raises(SmsError, match=f"error code {status}:"):
        vonage_client(vonage).sms.send(SmsMessage(to=number, from_="Lineproof", text=TEXT))


def test_vonage_s_client_reads_refused_credentials(vonage):
    with pytest.raises(SmsError, match="error code 4: Bad Credentials"):
        vonage_client(vonage, "wrong").sms.send(SmsMessage(to="94711234567", from_="Lineproof", text=TEXT))
