"""/api/server/v1|v2/notification-senders/sms: the gateways that administrators set up while the service runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api import sender_schemas as schemas
from api.auth.scopes import Scope, requires
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint
from api.services.sender_drafts import CredentialsDraft, SenderDraft

if TYPE_CHECKING:
    from marshmallow import Schema

    from api.services.sender_values import Sender
    from api.services.senders import SenderService
    from api.services.trials import Trial, TrialService

Document = dict[str, Any]

V1 = "/api/server/v1/notification-senders/sms"
MAIL = "/api/server/v1/notification-senders/email"
V2 = "/api/server/v2/notification-senders/sms"


@dataclass(frozen=True, slots=True)
class Version:
    """What sets one version of the API apart from the other: the second one tells of authentications."""

    name: str
    prefix: str
    add: type[Schema]
    update: type[Schema]
    shown: type[Schema]


VERSIONS = (
    Version("senders", V1, schemas.SenderAddSchema, schemas.SenderUpdateSchema, schemas.SenderSchema),
    Version("senders_v2", V2, schemas.SenderAddSchemaV2, schemas.SenderUpdateSchemaV2, schemas.SenderSchemaV2),
)


def sender_blueprints(senders: SenderService, trials: TrialService) -> list[JsonBlueprint]:
    """Build the blueprint of each version, and the one of mail."""
    return [*(_blueprint(senders, trials, version) for version in VERSIONS), _mail_blueprint(trials)]


def _mail_blueprint(trials: TrialService) -> JsonBlueprint:
    blueprint = JsonBlueprint("mail_senders", __name__, url_prefix=MAIL, description="Senders")

    @blueprint.route("/try")
    class MailTries(MethodView):
        @requires(Scope.SENDER_UPDATE)
        @blueprint.arguments(schemas.MailTrialRequestSchema)
        @blueprint.response(200, schemas.TrialSchema, description="What the mail server has said.")
        def post(self, body: Document) -> Trial:
            """Send a mail to an address to find out whether it arrives."""
            return trials.by_mail(body["to"], caller(), body.get("locale"))

    return blueprint


def _blueprint(senders: SenderService, trials: TrialService, version: Version) -> JsonBlueprint:
    blueprint = JsonBlueprint(version.name, __name__, url_prefix=version.prefix, description="Senders")

    @blueprint.route("")
    class Senders(MethodView):
        @requires(Scope.SENDER_VIEW)
        @blueprint.response(200, version.shown(many=True), description="The senders.")
        def get(self) -> list[Document]:
            """List the senders in the order in which they are tried."""
            return [_shown(sender) for sender in senders.list()]

        @requires(Scope.SENDER_CREATE)
        @blueprint.arguments(version.add)
        @blueprint.response(201, version.shown, description="It is set up.")
        def post(self, body: Document) -> tuple[Document, int, dict[str, str]]:
            """Set a sender up, after those there are."""
            name = body["name"]
            return _shown(senders.add(name, _draft(body), caller())), 201, {"Location": f"{version.prefix}/{name}"}

    @blueprint.route("/<sender_name>")
    class OneSender(MethodView):
        @requires(Scope.SENDER_VIEW)
        @blueprint.response(200, version.shown, description="The sender.")
        def get(self, sender_name: str) -> Document:
            """Show a sender, without its secrets."""
            return _shown(senders.show(sender_name))

        @requires(Scope.SENDER_UPDATE)
        @blueprint.arguments(version.update)
        @blueprint.response(200, version.shown, description="It is set up anew.")
        def put(self, body: Document, sender_name: str) -> Document:
            """Set a sender up anew; secrets that are left out stay."""
            return _shown(senders.replace(sender_name, _draft(body), caller()))

        @requires(Scope.SENDER_DELETE)
        @blueprint.response(204, description="It is gone.")
        def delete(self, sender_name: str) -> None:
            """Remove a sender; without any, the providers of the environment send again."""
            senders.remove(sender_name, caller())

    @blueprint.route("/try")
    class Tries(MethodView):
        @requires(Scope.SENDER_UPDATE)
        @blueprint.arguments(schemas.TrialRequestSchema)
        @blueprint.response(200, schemas.TrialSchema, description="What the gateway has said.")
        def post(self, body: Document) -> Trial:
            """Send a text to a number to find out whether it arrives."""
            return trials.by_sms(body["to"], body.get("sender"), caller(), body.get("locale"))

    return blueprint


def _draft(body: Document) -> SenderDraft:
    authentication = body.get("authentication")
    return SenderDraft(
        provider=body.get("provider"),
        content_type=body.get("content_type"),
        url=body.get("provider_url") or "",
        key=body.get("key"),
        secret=body.get("secret"),
        sender=body.get("sender") or "",
        properties={item["key"]: item["value"] for item in body.get("properties") or ()},
        credentials=None
        if authentication is None
        else CredentialsDraft.told(authentication.get("type"), authentication.get("properties", {})),
    )


def _shown(sender: Sender) -> Document:
    credentials = sender.credentials
    return {
        "name": sender.name,
        "provider": sender.provider,
        "provider_url": sender.url,
        "key": sender.key,
        "sender": sender.sender,
        "content_type": sender.content_type,
        "properties": [{"key": key, "value": value} for key, value in sender.shown_properties.items()],
        "secrets_set": sender.secrets_set,
        **({"authentication": {"type": credentials.type, "properties": credentials.shown}} if credentials else {}),
    }
