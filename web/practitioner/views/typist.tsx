// Who may act – type, move files – of several operators: everybody, or one. The others go on seeing the terminal.
import { useEffect, useState } from "preact/hooks";
import { part, post } from "../api";
import type { Operator, Session } from "../contract";
import { Problem, useAct } from "../hooks";
import { t } from "../messages/index";
import { refresh } from "../news";

// With the arrow keys one passes over choices that nobody wants: only the one that is rested on is sent.
const rest = 300;

function useChoice(session: Session, id: string) {
  const [wanted, set_wanted] = useState<{ login: string | null } | null>(null);
  const act = useAct();
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => void act.run(async () => {
      try {
        if (wanted.login !== session.typist) await post(`/api/sessions/${part(id)}/typist`, wanted);
        await refresh();
      } finally {
        set_wanted((now) => (now === wanted ? null : now));
      }
    }), rest);
    return () => clearTimeout(timer);
  }, [wanted]);
  return { chosen: wanted ? wanted.login : session.typist, choose: (login: string | null) => set_wanted({ login }), problem: act.problem };
}

export function Typist({ session, id, people, may_choose }: { session: Session; id: string; people: Operator[]; may_choose: boolean }) {
  const { chosen, choose, problem } = useChoice(session, id);
  const choices: [string | null, string][] = [[null, t("typist_all")], ...people.map((o): [string, string] => [o.login, o.name])];
  if (!may_choose) return <p class="typist">{t("typist")} <strong>{choices.find(([login]) => login === session.typist)?.[1]}</strong></p>;
  return (
    <fieldset class="typist" aria-describedby={`typist-help-${id}`}>
      <legend>{t("typist")}</legend>
      <p class="small" id={`typist-help-${id}`}>{t("typist_help")}</p>
      {choices.map(([login, name]) => (
        <label class="radio" key={login ?? ""}>
          <input type="radio" name={`typist-${id}`} checked={chosen === login} onChange={() => choose(login)} /> {name}
        </label>
      ))}
      <Problem problem={problem} />
    </fieldset>
  );
}
