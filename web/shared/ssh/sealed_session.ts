// The library's client session with its faults repaired:
//  - after the first KEXINIT of an exchange nothing else is sent until the new keys are in use (RFC 4253 §7.1);
//    the library decides this before it waits for its turn, and then sends what was in the queue;
//  - a server may begin a key exchange too: the library takes that for an error;
//  - what a server says while signing in comes here, whole, instead of to its own reading of RFC 4256;
//  - nothing that the other side opens or asks for is accepted: without a principal the library refuses.
import { harmless, Trouble } from "./errors";
import {
  AuthenticationMessage, ConnectionService, DebugMessage, DisconnectMessage, type Insides, KeyExchangeInitMessage, type SshSessionConfiguration,
  SshClientSession, type SshMessage,
} from "./library";
import { Banner, Question } from "./messages";

type Handled = void | Promise<void>;

export class SealedSession extends SshClientSession {
  on_sign_in_message: (message: AuthenticationMessage) => void = () => {};
  on_words: (text: string) => void = () => {};  // shown before signing in, or marked "always display"
  farewell: string | null = null;               // what the other side said when it left
  private turn: Promise<unknown> = Promise.resolve();
  private parked: SshMessage[] = [];

  constructor(config: SshSessionConfiguration) {
    super(config);
    config.messages.set(53, Banner);
    config.messages.set(60, Question);
  }
  private get insides(): Insides {
    return this as unknown as Insides;
  }
  signed_in(): void {
    this.activateService(ConnectionService);
  }

  override async sendMessage(message: SshMessage): Promise<void> {
    await this.in_turn(async () => {
      if (this.insides.kexService.exchanging && waits_for_new_keys(message)) this.parked.push(message);
      else await this.put(message);
    });
  }
  private in_turn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(act);
    this.turn = mine.catch(() => {});
    return mine;
  }
  private async put(message: SshMessage): Promise<void> {
    const sent = await this.insides.protocol?.sendMessage(message);
    if (!sent) throw new Trouble("gone");
  }

  // Internal to the library, called by it.
  async handleNewKeysMessage(): Promise<void> {
    await this.in_turn(async () => {
      const { protocol } = this.insides;
      await protocol?.handleNewKeys();
      if (protocol?.algorithms?.isExtensionInfoRequested) await this.insides.sendExtensionInfo();
      while (this.parked.length && !this.insides.kexService.exchanging) await this.put(this.parked.shift()!);
    });
  }

  override handleMessage(message: SshMessage): Handled {
    if (message instanceof KeyExchangeInitMessage && !this.insides.kexService.exchanging) return this.join_exchange(message);
    if (message instanceof Banner) return this.on_words(harmless(message.text, 1000));
    if (message instanceof AuthenticationMessage) return this.on_sign_in_message(message);
    if (message instanceof DisconnectMessage) this.farewell = harmless(message.description ?? "");
    if (message instanceof DebugMessage && message.alwaysDisplay) this.on_words(harmless(message.message ?? "", 1000));
    return super.handleMessage(message) as Handled;
  }
  private async join_exchange(theirs: KeyExchangeInitMessage): Promise<void> {
    const [ours] = await this.insides.kexService.startKeyExchange(false);
    await this.put(ours);
    await super.handleMessage(theirs);
  }
}

// Transport messages 1 to 4 and those of a key exchange may always go.
const waits_for_new_keys = (message: SshMessage): boolean => message.messageType > 4 && (message.messageType < 20 || message.messageType > 49);
