// Why an SSH connection, or a part of it, ended: one kind for each way forward a person has. `detail` is what
// the practice or the gateway said, in its own words, already made harmless for a page.
export type TroubleKind =
  | "wrong_host_key"       // somebody else's key: nothing was sent to it
  | "key_refused"          // the practice does not know this browser's key for this intervention
  | "password_refused"     // no tries are left, or the password is used up
  | "not_relayed"          // the gateway will not carry this connection; `detail` says why
  | "gone"                 // the link was lost
  | "silent"               // the link is there and nobody answers
  | "slow"                 // the practice did not answer in time while signing in
  | "altered"              // bytes were changed on the way
  | "closed_by_practice"   // it said goodbye; `detail` says why
  | "bad_answer"           // an answer that the protocol does not allow
  | "cancelled"            // by the person here
  | "not_offered"          // a channel or a tool was refused; the connection goes on
  | "ended";               // a channel that is closed already

export class Trouble extends Error {
  override readonly name = "Trouble";
  constructor(readonly kind: TroubleKind, readonly detail = "") {
    super(detail ? `${kind}: ${detail}` : kind);
  }
}

export const trouble_of = (problem: unknown, otherwise: TroubleKind = "gone"): Trouble =>
  problem instanceof Trouble ? problem : new Trouble(otherwise, harmless(problem instanceof Error ? problem.message : String(problem)));

// Words of another machine: one line, no control signs, no direction marks, not long.
export function harmless(text: string, most = 300): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, " ").trim();
  return plain.length > most ? `${plain.slice(0, most)}…` : plain;
}
