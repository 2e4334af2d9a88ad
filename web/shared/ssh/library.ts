// The one door to the SSH library (dev-tunnels-ssh): what is used of it, by deep imports, so that its Node half
// stays out. Its types hide members that it calls internal; the few we need are named here, and only here.
import { Buffer } from "buffer/index.js";
import { SshAlgorithms } from "@microsoft/dev-tunnels-ssh/algorithms/sshAlgorithms";  // first, then the session: the library has circles
import { SshSession } from "@microsoft/dev-tunnels-ssh/sshSession";
import { SshClientSession } from "@microsoft/dev-tunnels-ssh/sshClientSession";
import { PublicKeyAlgorithm, type KeyPair } from "@microsoft/dev-tunnels-ssh/algorithms/publicKeyAlgorithm";
import { SshChannelOpeningEventArgs } from "@microsoft/dev-tunnels-ssh/events/sshChannelOpeningEventArgs";
import { SshDataReader, SshDataWriter } from "@microsoft/dev-tunnels-ssh/io/sshData";
import {
  AuthenticationFailureMessage, AuthenticationMessage, AuthenticationSuccessMessage,
} from "@microsoft/dev-tunnels-ssh/messages/authenticationMessages";
import { ChannelOpenMessage, ChannelRequestMessage } from "@microsoft/dev-tunnels-ssh/messages/connectionMessages";
import { KeyExchangeInitMessage } from "@microsoft/dev-tunnels-ssh/messages/kexMessages";
import { SshMessage } from "@microsoft/dev-tunnels-ssh/messages/sshMessage";
import { DebugMessage, DisconnectMessage, SessionRequestMessage } from "@microsoft/dev-tunnels-ssh/messages/transportMessages";
import { ConnectionService } from "@microsoft/dev-tunnels-ssh/services/connectionService";
import { SshChannel } from "@microsoft/dev-tunnels-ssh/sshChannel";
import { SshSessionConfiguration } from "@microsoft/dev-tunnels-ssh/sshSessionConfiguration";
import { SshVersionInfo } from "@microsoft/dev-tunnels-ssh/sshVersionInfo";

export {
  AuthenticationFailureMessage, AuthenticationMessage, AuthenticationSuccessMessage, Buffer, ChannelOpenMessage, ChannelRequestMessage,
  ConnectionService, DebugMessage, DisconnectMessage, KeyExchangeInitMessage, PublicKeyAlgorithm, SessionRequestMessage, SshAlgorithms,
  SshChannel, SshChannelOpeningEventArgs, SshClientSession, SshDataReader, SshDataWriter, SshMessage, SshSessionConfiguration,
};
export type { KeyPair };

// RFC 4253 §11.1, those that are used here.
export const disconnect = { protocol_error: 2, key_exchange_failed: 3, mac_error: 5, host_key_not_verifiable: 9, connection_lost: 10, by_application: 11 } as const;

// What the library keeps to itself.
export interface Protocol {
  sendMessage(message: SshMessage): Promise<boolean>;
  handleNewKeys(): Promise<void>;
  algorithms: { isExtensionInfoRequested?: boolean } | null;
}
export interface KeyExchange {
  readonly exchanging: boolean;
  startKeyExchange(initial: boolean): Promise<[SshMessage, SshMessage | null]>;
}
export interface Insides {
  protocol?: Protocol;
  kexService: KeyExchange;
  sendExtensionInfo(): Promise<void>;
}
export interface ChannelInsides {
  openSendingWindowCompletionSource: { reject(problem: Error): void } | null;
}

export const as_buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);

// What the practice's record says of the client: the console, not the library it is made with.
(SshSession as { localVersion: SshVersionInfo }).localVersion = SshVersionInfo.tryParse("SSH-2.0-PontlevisConsole_1")!;
