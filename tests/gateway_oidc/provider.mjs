// A real OpenID Connect provider on loopback TLS, and beside it a hand that can change what it says: the token
// that goes out is the provider's own, altered and signed again with the provider's own key, so that only the one
// rule under test stands between it and a session.
import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { Provider } from "oidc-provider";

const { provider_port, work } = process.env;
export const issuer = `https://localhost:${provider_port}`;
const home = join(work, "provider");
const read = (name) => readFileSync(join(home, name));

export class Directory {
  #server; #keys = {}; #handle;
  lie = null;           // (claims, header) → what goes out instead
  tokens = [];          // those that went out, for repeating them

  async start(redirect_uri, alg = "RS256") {
    for (const one of ["RS256", "ES256", "PS256"]) this.#keys[one] ??= await generateKeyPair(one, { extractable: true });
    const jwks = { keys: await Promise.all(Object.entries(this.#keys).map(async ([name, pair]) => ({ ...(await exportJWK(pair.privateKey)), alg: name, use: "sig", kid: `k-${name}` }))) };
    const provider = new Provider(issuer, {
      jwks,
      clients: [{ client_id: "console", client_secret: read("client.secret").toString().trim(), redirect_uris: [redirect_uri], response_types: ["code"],
                  grant_types: ["authorization_code"], token_endpoint_auth_method: "client_secret_basic", id_token_signed_response_alg: alg }],
      enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "PS256"] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      pkce: { required: () => true },
      cookies: { keys: ["exemple"] },
    });
    this.#handle = provider.callback();
    await this.listen();
  }
  listen() {
    this.#server = https.createServer({ key: read("key.pem"), cert: read("cert.pem") }, (request, answer) => this.#serve(request, answer));
    return new Promise((done) => this.#server.listen(Number(provider_port), "127.0.0.1", done));
  }
  stop() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }

  #serve(request, answer) {
    if (request.url !== "/token") return this.#handle(request, answer);
    const end = answer.end.bind(answer);
    answer.end = (body, ...more) => {
      this.#altered(body).then((text) => {
        answer.setHeader("content-length", Buffer.byteLength(text));
        end(text, ...more);
      });
      return answer;
    };
    this.#handle(request, answer);
  }
  async #altered(body) {
    const said = JSON.parse(body.toString());
    if (!said.id_token) return body;
    if (this.lie) said.id_token = await this.lie(decodeJwt(said.id_token), said.id_token);
    this.tokens.push(said.id_token);
    return JSON.stringify(said);
  }

  sign(claims, header = {}, key = this.#keys.RS256.privateKey) {
    return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k-RS256", ...header }).sign(key);
  }
  another_key = () => generateKeyPair("RS256");
}
