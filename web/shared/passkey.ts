// Passkeys: the browser's own JSON forms of WebAuthn, no library. Answers null where the browser has none.
interface JsonForms {
  parseRequestOptionsFromJSON?(options: unknown): PublicKeyCredentialRequestOptions;
  parseCreationOptionsFromJSON?(options: unknown): PublicKeyCredentialCreationOptions;
}

const forms = (): JsonForms | undefined => (globalThis as { PublicKeyCredential?: JsonForms }).PublicKeyCredential;

export const passkeys_exist = (): boolean =>
  Boolean(forms()?.parseRequestOptionsFromJSON && forms()?.parseCreationOptionsFromJSON && globalThis.navigator?.credentials);

const json_of = (credential: Credential | null): unknown => {
  if (!credential) throw new DOMException("no credential", "NotAllowedError");
  return (credential as Credential & { toJSON(): unknown }).toJSON();
};

export async function use_passkey(options: unknown): Promise<unknown> {
  const publicKey = forms()!.parseRequestOptionsFromJSON!(options);
  return json_of(await navigator.credentials.get({ publicKey }));
}

export async function make_passkey(options: unknown): Promise<unknown> {
  const publicKey = forms()!.parseCreationOptionsFromJSON!(options);
  return json_of(await navigator.credentials.create({ publicKey }));
}
