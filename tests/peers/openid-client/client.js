// A client that signs a user in, and does with the tokens all that there is to do.
// Usage: node client.js ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGOUT_URI. It prints an address for the browser, reads the
// one that the browser was sent back to, and prints what it has found out as JSON.
import { createInterface } from "node:readline/promises";
import * as client from "openid-client";

const [issuer, clientId, clientSecret, redirectUri, logoutUri] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const config = await client.discovery(
  new URL(issuer),
  clientId,
  { id_token_signed_response_alg: "ES256" },
  client.ClientSecretBasic(clientSecret),
  { execute: [client.allowInsecureRequests] },
);
client.enableNonRepudiationChecks(config);

const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const authorize = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: "openid profile phone offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "3600",
});
console.log(authorize.href);

const callback = new URL((await lines.next()).value);
const tokens = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 3600,
  idTokenExpected: true,
});
const subject = tokens.claims().sub;
const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const introspected = await client.tokenIntrospection(config, refreshed.access_token);
const reused = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => error.error);
const afterReuse = await client.refreshTokenGrant(config, refreshed.refresh_token).catch((error) => error.error);
const logout = client.buildEndSessionUrl(config, {
  id_token_hint: refreshed.id_token,
  post_logout_redirect_uri: logoutUri,
  state: "bye",
});
console.log(JSON.stringify({
  claims: tokens.claims(),
  userinfo,
  refreshed: refreshed.claims(),
  introspected,
  reused,
  afterReuse,
  logout: logout.href,
}));
process.exit(0);
