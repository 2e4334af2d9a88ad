// Who is in, who is missing, who is in charge, and who may type.
import type { Operator, Session } from "../contract";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { was_here } from "./code";
import { only_looks } from "./request_parts";
import { Typist } from "./typist";

// The people the rule of two counts: additional staff never make up a pair.
export const counted = (session: Session): Operator[] => session.operators.filter((o) => o.mode === "CONNECTED" && o.role !== "ADDITIONAL");
export const missing = (session: Session): Operator[] => counted(session).filter((o) => !session.connected.includes(o.login));
export const person_in_charge = (session: Session): Operator | undefined => session.operators.find((o) => o.login === session.in_charge) ?? session.operators[0];

// The charge may have been handed over: then the roles of the request no longer say who has it.
const part_of = (session: Session, o: Operator): string =>
  o.login === session.in_charge ? t("in_charge") : word_of(o.role === "LEAD" && session.in_charge ? "PAIR" : o.role);

function presence(session: Session, o: Operator): string {
  if (o.mode === "CONSULTED") return word_of("CONSULTED");
  if (session.connected.includes(o.login)) return t("person_here");
  if (session.hold === "PAIR_INCOMPLETE" && !only_looks(o)) return t("person_awaited");
  return t(was_here(session, o.login) ? "person_left" : "person_not_here");
}

function PersonHere({ session, operator }: { session: Session; operator: Operator }) {
  const awaited = session.hold === "PAIR_INCOMPLETE" && missing(session).includes(operator);
  const here = session.connected.includes(operator.login);
  return (
    <li class={`person ${here ? "is-here" : awaited ? "is-awaited" : ""}`}>
      <strong>{operator.name}</strong> <span class="presence">{presence(session, operator)}</span>
      <br />
      <span class="muted">{part_of(session, operator)} · {operator.employer}</span>
      {only_looks(operator) && <><br /><span class="tag">{t("only_looks")}</span></>}
    </li>
  );
}

export function People({ session, id, may_choose }: { session: Session; id: string; may_choose: boolean }) {
  const two = session.pair ? counted(session) : [];
  return (
    <section class="card" aria-labelledby="people">
      <div class="row">
        <h2 id="people">{t("people")}</h2>
        {two.length > 1 && <span class={missing(session).length ? "tag" : "tag tag-good"}>{t("pair_count", { n: two.length - missing(session).length, of: two.length })}</span>}
      </div>
      <ul class="people">{session.operators.map((o) => <PersonHere key={o.login} session={session} operator={o} />)}</ul>
      {counted(session).length > 1 && session.access_types.includes("CONTROL") && <Typist session={session} id={id} people={counted(session)} may_choose={may_choose} />}
    </section>
  );
}
