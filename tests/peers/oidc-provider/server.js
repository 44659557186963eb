// An authorization server with one client, one resource in several token formats, and whatever user logs in.
// Usage: node server.js PORT KEY_ID. Port 0 picks a free one; it is printed as soon as the server answers.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const AUDIENCE = "urn:lineproof";
const SCOPE = "internal_login internal_user_mgt_view";

const [port, keyId] = process.argv.slice(2);
const server = createServer().listen(Number(port), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", new Provider(issuer, configuration()).callback());
  console.log(issuer);
});

function configuration() {
  return {
    clients: [
      client("shop", {
        grant_types: ["authorization_code", "client_credentials"],
        response_types: ["code"],
        redirect_uris: ["http://127.0.0.1/callback"],
      }),
      client("lineproof", { grant_types: [], response_types: [], redirect_uris: [] }),
    ],
    cookies: { keys: ["not a secret"] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, asking) => asking.clientId === "lineproof" },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:lineproof:ES256",
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => resourceServer(resource.split(":").pop()),
      },
      revocation: { enabled: true },
    },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys: [key("ec", { namedCurve: "P-256" }), key("rsa", { modulusLength: 2048 }), key("ed25519")] },
    scopes: SCOPE.split(" "),
    ttl: { Session: 600, Grant: 600, Interaction: 600, AuthorizationCode: 60 },
  };
}

function client(id, more) {
  return { client_id: id, client_secret: `${id}:secret`, token_endpoint_auth_method: "client_secret_basic", ...more };
}

function resourceServer(format) {
  const common = { scope: SCOPE, audience: AUDIENCE, accessTokenTTL: 600 };
  if (format === "opaque") return { ...common, accessTokenFormat: "opaque" };
  return { ...common, accessTokenFormat: "jwt", jwt: { sign: { alg: format } } };
}

function key(kind, options = {}) {
  const jwk = generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" });
  return { ...jwk, kid: `${kind}-${keyId}`, use: "sig" };
}
