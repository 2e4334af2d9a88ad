// What the practice will read, in the words of its own agent, as the request is written.
import type { Language } from "../../shared/i18n";
import { Notice } from "../../shared/parts/notice";
import type { Ask, Card, Technician, Intervention, Me } from "../contract";
import { t } from "../messages/index";
import { notice_preview, type Named } from "../notice_text";

const nobody = { qualification: "", employer: "", country: "", subprocessor: null };
type Known = Pick<Card, "name" | "qualification" | "employer" | "country" | "subprocessor">;

function operators_of(ask: Ask, me: Me, card: Card | null, colleagues: Technician[] | null): Named[] {
  const person = (login: string): Known => colleagues?.find((c) => c.login === login) ?? { ...nobody, name: login };
  return [
    { ...(card ?? { ...nobody, name: me.name }), role: "LEAD", mode: "CONNECTED" },
    ...(ask.pair ? [{ ...person(ask.pair), role: "PAIR" as const, mode: "CONNECTED" as const }] : []),
    ...ask.additional.map((login) => ({ ...person(login), role: "ADDITIONAL" as const, mode: "CONNECTED" as const })),
    ...ask.consulted.map((login) => ({ ...person(login), role: "ADDITIONAL" as const, mode: "CONSULTED" as const })),
  ];
}

export function Preview({ ask, system, me, card, colleagues, language }: { ask: Ask; system: string; me: Me; card: Card | null; colleagues: Technician[] | null; language: Language }) {
  const text = notice_preview({ ...ask, operators: operators_of(ask, me, card, colleagues), system_label: system }, language);
  return (
    <aside class="preview card" aria-labelledby="preview" tabIndex={0}>
      <h2 id="preview">{t("ask_preview")}</h2>
      <div class="paper-sheet" lang={language}><Notice text={text} /></div>
      <p class="small">{t("ask_preview_help")}</p>
    </aside>
  );
}

// The same of a request that was sent.
export function AskedPreview({ intervention, language }: { intervention: Intervention; language: Language }) {
  const text = notice_preview({ ...intervention, system_label: intervention.system_label }, language);
  return <div class="paper-sheet" lang={language}><Notice text={text} /></div>;
}
