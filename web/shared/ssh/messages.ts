// Messages that the library lacks or reads wrongly: what a server says while signing in (RFC 4252, RFC 4256),
// and requests with a payload of their own.
import { Reader, Writer } from "./bytes";
import { as_buffer, AuthenticationMessage, ChannelOpenMessage, ChannelRequestMessage, type SshDataReader, type SshDataWriter } from "./library";

const rest_of = (reader: SshDataReader): Uint8Array => Uint8Array.from(reader.read(reader.available));

// Any message of our own making: its number and its bytes.
export class PlainMessage extends AuthenticationMessage {
  constructor(private readonly type: number, private readonly payload: Uint8Array) {
    super();
  }
  override get messageType(): number {
    return this.type;
  }
  protected override onWrite(writer: SshDataWriter): void {
    writer.write(as_buffer(this.payload));
  }
}

// 53: words before signing in. 60: what is asked, whose meaning hangs on the method that was tried.
export class Banner extends AuthenticationMessage {
  text = "";
  override get messageType(): number {
    return 53;
  }
  protected override onRead(reader: SshDataReader): void {
    this.text = new Reader(rest_of(reader)).any_text();
  }
}
export class Question extends AuthenticationMessage {
  payload = new Uint8Array();
  override get messageType(): number {
    return 60;
  }
  protected override onRead(reader: SshDataReader): void {
    this.payload = Uint8Array.from(rest_of(reader));
  }
}

export interface Prompts { name: string; instruction: string; prompts: { text: string; echo: boolean }[] }
export function read_prompts(payload: Uint8Array): Prompts {
  const reader = new Reader(payload);
  const [name, instruction] = [reader.any_text(4096), reader.any_text(16_384)];
  reader.string(256);  // language, long out of use
  const prompts = Array.from({ length: Math.min(reader.u32(), 16) }, () => ({ text: reader.any_text(4096), echo: reader.yes() }));
  reader.end();
  return { name, instruction, prompts };
}

const request = (user: string, method: string): Writer => new Writer().string(user).string("ssh-connection").string(method);
const userauth = 50;
const info_response = 61;

// What the key signs (RFC 4252 §7), and the request that carries it.
export function key_request(user: string, algorithm: string, blob: Uint8Array): Uint8Array<ArrayBuffer> {
  return request(user, "publickey").yes(true).string(algorithm).string(blob).bytes();
}
export const signed_bytes = (session: Uint8Array, asked: Uint8Array): Uint8Array<ArrayBuffer> => new Writer().string(session).byte(userauth).raw(asked).bytes();
export const key_message = (asked: Uint8Array, signature: Uint8Array) => new PlainMessage(userauth, new Writer().raw(asked).string(signature).bytes());
export const password_message = (user: string, password: string) => new PlainMessage(userauth, request(user, "password").yes(false).string(password).bytes());
export const interactive_message = (user: string) => new PlainMessage(userauth, request(user, "keyboard-interactive").string("").string("").bytes());
export function answers_message(answers: string[]) {
  const writer = new Writer().u32(answers.length);
  for (const answer of answers) writer.string(answer);
  return new PlainMessage(info_response, writer.bytes());
}

export class ChannelAsk extends ChannelRequestMessage {
  constructor(type: string, private readonly payload: Uint8Array, want_reply: boolean) {
    super(type, want_reply);
  }
  override onWrite(writer: SshDataWriter): void {
    super.onWrite(writer);
    writer.write(as_buffer(this.payload));
  }
}

export class ChannelOpening extends ChannelOpenMessage {
  constructor(type: string, window: number, private readonly payload = new Uint8Array()) {
    super();
    this.channelType = type;
    this.maxWindowSize = window;
  }
  override onWrite(writer: SshDataWriter): void {
    super.onWrite(writer);
    writer.write(as_buffer(this.payload));
  }
}
