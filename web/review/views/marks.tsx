// Marks of an intervention: seen, question, finding with its day; answers and their end. Each is a record.
import { useState } from "preact/hooks";
import { date_only, short_date_time } from "../../shared/i18n";
import { part, post } from "../../console/api";
import { TextArea, TextField } from "../../console/parts/field";
import { may_mark, may_write } from "../access";
import type { Mark, MarkKind } from "../contract";
import { day_of } from "../filter";
import { word } from "../messages/codes";
import { t, type Key } from "../messages/index";
import { Deed } from "../parts/deed";
import { Card, Tag } from "../parts/small";

const longest = 1000;

interface New { id: string; kind: MarkKind; label: Key; what: Key; about?: Mark; changed: () => void; tone?: "main" }

// The words of a finding, question or answer are asked for; a remark is free.
const wants_words = (kind: MarkKind): boolean => kind === "QUESTION" || kind === "FINDING" || kind === "ANSWER";

function NewMark({ id, kind, label, what, about, changed, tone }: New) {
  const [text, set_text] = useState("");
  const [due, set_due] = useState("");
  const names = `mark-${kind}-${about?.id ?? "new"}`;
  const send = () => post(`/review/interventions/${part(id)}/marks`, { mark: kind, text: text.trim(), about: about?.id ?? null, due: kind === "FINDING" ? due : null });
  const ready = (!wants_words(kind) || text.trim() !== "") && (kind !== "FINDING" || due !== "");
  return (
    <Deed label={t(label)} about={about ? about.text.slice(0, 60) : undefined} tone={tone} what={<p>{t(what)}</p>} yes={t("mk_send")} ready={ready} send={send} done={() => (set_text(""), set_due(""), changed())}>
      <TextArea id={names} label={t(wants_words(kind) ? "mk_words" : "mk_words_optional")} optional={!wants_words(kind)} help={t("mk_words_help")} maxLength={longest} required={wants_words(kind)} value={text} change={set_text} />
      {kind === "FINDING" && <TextField id={`${names}-due`} type="date" label={t("mk_due")} required min={day_of(Date.now())} value={due} change={set_due} />}
    </Deed>
  );
}

function One({ id, mark, marks, changed }: { id: string; mark: Mark; marks: Mark[]; changed: () => void }) {
  const answers = marks.filter((m) => m.about === mark.id);
  const opens = mark.mark === "QUESTION" || mark.mark === "FINDING";
  return (
    <li class={`mark-${mark.mark.toLowerCase()}`}>
      <p class="mark-head"><strong>{word(mark.mark)}</strong> {opens && <Tag tone={mark.resolved ? "good" : mark.late ? "bad" : "call"}>{t(mark.resolved ? "mk_closed" : mark.late ? "late" : "mk_open")}</Tag>} {mark.due && <span class="muted">{t("mk_due_on", { date: date_only(mark.due) })}</span>}</p>
      {mark.text && <p class="tasks">{mark.text}</p>}
      <p class="small">{mark.by_name || mark.by} · {short_date_time(mark.at)} · {t("record_n", { n: mark.index })}</p>
      {answers.length > 0 && <ul class="nested">{answers.map((a) => <One key={a.id} id={id} mark={a} marks={marks} changed={changed} />)}</ul>}
      {opens && !mark.resolved && may_write() && (
        <div class="actions no-print">
          <NewMark id={id} kind="ANSWER" label="mk_answer" what={mark.mark === "QUESTION" ? "mk_answer_closes" : "mk_answer_what"} about={mark} changed={changed} />
          <NewMark id={id} kind="RESOLVED" label="mk_resolve" what="mk_resolve_what" about={mark} changed={changed} />
        </div>
      )}
    </li>
  );
}

export function Marks({ id, marks, changed }: { id: string; marks: Mark[]; changed: () => void }) {
  const first = marks.filter((m) => !m.about);
  return (
    <Card title={t("mk_title")} id="marks">
      <p class="small">{t("mk_text")}</p>
      {first.length ? <ul class="marks">{first.map((m) => <One key={m.id} id={id} mark={m} marks={marks} changed={changed} />)}</ul> : <p class="muted">{t("mk_none")}</p>}
      {may_mark() && (
        <div class="actions no-print">
          <NewMark id={id} kind="SEEN" label="mk_seen" what="mk_seen_what" tone="main" changed={changed} />
          <NewMark id={id} kind="QUESTION" label="mk_question" what="mk_question_what" changed={changed} />
          <NewMark id={id} kind="FINDING" label="mk_finding" what="mk_finding_what" changed={changed} />
        </div>
      )}
    </Card>
  );
}
