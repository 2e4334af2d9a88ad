// What is offered, and nothing else: ECDH on P-384 and P-256, an ECDSA P-256 host key, AES-256-GCM (its nonce
// counts by itself, so that leaving packets out shows: Terrapin does not apply), no compression.
import { same } from "./bytes";
import { Trouble } from "./errors";
import { Buffer, PublicKeyAlgorithm, SshAlgorithms, SshSessionConfiguration, type KeyPair } from "./library";
import { p256 } from "./public_key";

const ecdsa = SshAlgorithms.publicKey.ecdsaSha2Nistp256!;

// The host key algorithm with one key only: any other is refused when it is read, before its signature, before
// the new keys and before a word of signing in, in the first key exchange and in every later one.
export class PinnedHostKey extends PublicKeyAlgorithm {
  constructor(private readonly pinned: Uint8Array) {
    super(p256, p256, "SHA2-256");
  }
  createKeyPair(): KeyPair {
    const pair = ecdsa.createKeyPair();
    const read = pair.setPublicKeyBytes.bind(pair);
    pair.setPublicKeyBytes = async (blob: Buffer) => {
      if (!same(blob, this.pinned)) throw new Trouble("wrong_host_key");
      await read(blob);
    };
    return pair;
  }
  generateKeyPair(): Promise<KeyPair> {
    return Promise.reject(new Trouble("bad_answer", "host keys are not made here"));
  }
  createSigner(pair: KeyPair) {
    return ecdsa.createSigner(pair);
  }
  createVerifier(pair: KeyPair) {
    return ecdsa.createVerifier(pair);
  }
}

export function configuration(host_key: Uint8Array, rekey_bytes: number): SshSessionConfiguration {
  const config = new SshSessionConfiguration();
  const set = <T>(list: T[], ...values: T[]) => void list.splice(0, list.length, ...values);
  set(config.keyExchangeAlgorithms, SshAlgorithms.keyExchange.ecdhNistp384Sha384!, SshAlgorithms.keyExchange.ecdhNistp256Sha256!);
  set(config.publicKeyAlgorithms, new PinnedHostKey(host_key));
  set(config.encryptionAlgorithms, SshAlgorithms.encryption.aes256Gcm!);
  set(config.hmacAlgorithms, SshAlgorithms.hmac.hmacSha256Etm!);  // named, as the protocol wants it; GCM has its own
  set(config.compressionAlgorithms, SshAlgorithms.compression.none);
  set(config.protocolExtensions);  // none: neither reconnecting nor early requests
  (config as unknown as { keyRotationThreshold: number }).keyRotationThreshold = rekey_bytes;
  return config;
}
