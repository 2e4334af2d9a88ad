// Signing in (RFC 4252): the browser's key, then the one-time password, in that order and no other. The
// password is asked for when the practice asks, goes into one message, and is not kept.
import { harmless, Trouble } from "./errors";
import { AuthenticationFailureMessage, type AuthenticationMessage, AuthenticationSuccessMessage } from "./library";
import { answers_message, interactive_message, key_message, key_request, password_message, type PlainMessage, Question, read_prompts, signed_bytes } from "./messages";
import { p256 } from "./public_key";

// A key that signs and is never seen: RFC 5656 signatures over SHA-256.
export interface ClientKey {
  readonly blob: Uint8Array;
  sign(bytes: Uint8Array): Promise<Uint8Array>;  // the SSH signature: name and two mpints
}
// `wrong`: how often it was wrong so far in this connection.
export interface PasswordAsk { wrong: number; instruction: string }
export type AskPassword = (ask: PasswordAsk) => Promise<string>;

export type Way = "password" | "keyboard-interactive";

export interface SignIn {
  user: string;
  key: ClientKey;
  password: AskPassword;
}
// What it needs of the connection. `answer` waits for the next message, not for ever.
export interface SignInLink {
  readonly session_id: Uint8Array;
  send(message: PlainMessage): Promise<void>;
  answer(): Promise<AuthenticationMessage>;
}

const most_tries = 10;

export async function sign_in(link: SignInLink, who: SignIn, ways: Way[] = ["password", "keyboard-interactive"]): Promise<"password" | "key_alone"> {
  const answer = await offer_key(link, who);
  if (answer instanceof AuthenticationSuccessMessage) return "key_alone";  // back within a minute of a drop
  if (!(answer instanceof AuthenticationFailureMessage)) throw new Trouble("bad_answer", "after the key");
  if (!answer.partialSuccess) throw new Trouble("key_refused");
  await offer_passwords(link, who, ways, answer.methodNames ?? []);
  return "password";
}

async function offer_key(link: SignInLink, { user, key }: SignIn): Promise<AuthenticationMessage> {
  const asked = key_request(user, p256, key.blob);
  await link.send(key_message(asked, await key.sign(signed_bytes(link.session_id, asked))));
  return link.answer();
}

async function offer_passwords(link: SignInLink, who: SignIn, ways: Way[], methods: string[]): Promise<void> {
  const chosen = ways.find((way) => methods.includes(way));
  if (!chosen) throw new Trouble("bad_answer", `the practice asks for ${harmless(methods.join(", "), 80)}`);
  for (let wrong = 0; wrong < most_tries; wrong++) {
    const answer = await (chosen === "password" ? by_password : by_prompts)(link, who, wrong);
    if (answer instanceof AuthenticationSuccessMessage) return;
    if (!(answer instanceof AuthenticationFailureMessage)) throw new Trouble("bad_answer", "after the password");
    if (answer.methodNames?.length === 0) break;
  }
  throw new Trouble("password_refused");
}

async function by_password(link: SignInLink, { user, password }: SignIn, wrong: number): Promise<AuthenticationMessage> {
  await link.send(password_message(user, await password({ wrong, instruction: "" })));
  return link.answer();
}

// A server may ask nothing, or more than once; only a hidden prompt is answered with the password.
async function by_prompts(link: SignInLink, { user, password }: SignIn, wrong: number): Promise<AuthenticationMessage> {
  await link.send(interactive_message(user));
  let answer = await link.answer();
  for (let rounds = 0; answer instanceof Question && rounds < 4; rounds++) {
    const { instruction, prompts } = read_prompts(answer.payload);
    if (prompts.length > 1 || prompts.some((p) => p.echo)) throw new Trouble("bad_answer", "the practice asks for more than a password");
    await link.send(answers_message(prompts.length ? [await password({ wrong, instruction: harmless(instruction) })] : []));
    answer = await link.answer();
  }
  return answer;
}
