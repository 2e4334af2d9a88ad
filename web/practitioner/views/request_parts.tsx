// What a request shows whatever is asked of its reader: who, why, on what, how long, the notice, and the refusal.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Notice } from "../../shared/parts/notice";
import { country } from "../../shared/i18n";
import type { NoticeText, Operator, Request } from "../contract";
import { FocusHeading, useAct } from "../hooks";
import { t, type Key } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";

export interface Choices {
  minutes: number;
  without: string[];
  view_only: boolean;
  not_watched: boolean;
  record: boolean;
}
export interface Decision {
  approve(choices: Choices): Promise<unknown>;
  refuse(why: string | null): Promise<unknown>;
  accept?(): Promise<unknown>;  // the date of a planned one: opens nothing
}

export const lead_of = (request: Request): Operator | undefined => request.operators.find((o) => o.role === "LEAD") ?? request.operators[0];

// Additional staff who connect share the screen and nothing else.
export const only_looks = (o: Operator): boolean => o.role === "ADDITIONAL" && o.mode === "CONNECTED";

function Who({ operator }: { operator: Operator }) {
  return (
    <li>
      <strong>{operator.name}</strong>{operator.role !== "LEAD" && <> <span class="tag">{word_of(operator.role)}</span></>}
      {operator.mode === "CONSULTED" && <> <span class="tag">{word_of("CONSULTED")}</span></>}
      {only_looks(operator) && <> <span class="tag">{t("only_looks")}</span></>}
      <br />
      <span class="muted">{operator.qualification} · {operator.employer} · {country(operator.country)}{operator.subprocessor && ` · ${t("subprocessor")} ${operator.subprocessor}`}</span>
    </li>
  );
}

// Who, why, what, how long, which data: the ten seconds.
export function Facts({ request }: { request: Request }) {
  return (
    <dl class="facts">
      <div class="fact fact-wide"><dt>{t("fact_who")}</dt><dd><ul class="people">{request.operators.map((o) => <Who key={o.login} operator={o} />)}</ul></dd></div>
      <div class="fact fact-wide"><dt>{t("fact_why")}</dt><dd><strong>{request.reason}</strong><br /><span class="muted">{word_of(request.purpose)} · {t("ticket")} {request.ticket} · {request.planned_tasks}</span></dd></div>
      <div class="fact"><dt>{t("fact_what")}</dt><dd><strong>{request.system.label}</strong><br /><span class="muted">{request.tools.map(tool_name).join(", ")}</span></dd></div>
      <div class="fact"><dt>{t("fact_time")}</dt><dd><strong>{t("minutes_most", { n: request.minutes })}</strong><br /><span class="muted">{t("closes_itself")}</span></dd></div>
      <div class="fact"><dt>{t("fact_data")}</dt><dd><strong>{request.data_categories.join(", ")}</strong></dd></div>
    </dl>
  );
}

export function Tags({ request }: { request: Request }) {
  return (
    <p class="tags">
      <span class={`tag ${request.criticality === "CRITICAL" ? "tag-strong" : ""}`}>{t("criticality")} {word_of(request.criticality)}</span>
      <span class="tag">{t(request.pair ? "in_pair" : "alone")}</span>
      {request.emergency && <span class="tag tag-strong">{t("emergency")} {request.emergency}</span>}
    </p>
  );
}

// The agent's text, word for word: its hash is in the consent.
export function NoticeCard({ notice, title }: { notice: NoticeText; title: Key }) {
  return (
    <section class="card notice" aria-labelledby="notice">
      <h2 id="notice">{t(title)}</h2>
      <div lang={notice.language}><Notice text={notice.level1} /></div>
      <details>
        <summary>{t("learn_more")}</summary>
        <div lang={notice.language}><Notice text={notice.level2} /></div>
      </details>
    </section>
  );
}

// The answers, always in sight at the foot of the window.
export function AnswerBar({ title, help, problem, children }: { title: string; help: string; problem?: string | null; children: ComponentChildren }) {
  return (
    <section class="bar answer-bar" aria-label={title}>
      {problem && <p class="note note-bad" role="alert">{problem}</p>}
      <div class="bar-inside">
        <p class="bar-words"><strong>{title}</strong><span>{help}</span></p>
        <div class="pair-buttons">{children}</div>
      </div>
    </section>
  );
}

export function Refuse({ decision, back }: { decision: Decision; back: () => void }) {
  const act = useAct();
  const [why, set_why] = useState("");
  return (
    <section class="card confirm" aria-labelledby="refuse">
      <FocusHeading level={1} id="refuse">{t("refuse_title")}</FocusHeading>
      <p>{t("refuse_text")}</p>
      <label for="why">{t("refuse_why")}</label>
      <textarea id="why" rows={2} maxLength={300} value={why} onInput={(e) => set_why(e.currentTarget.value)} />
      <div class="pair-buttons">
        <button type="button" class="button choice" disabled={act.busy} onClick={() => void act.run(() => decision.refuse(why.trim() || null))}>{t("refuse_yes")}</button>
        <button type="button" class="button choice" disabled={act.busy} onClick={back}>{t("back")}</button>
      </div>
    </section>
  );
}
