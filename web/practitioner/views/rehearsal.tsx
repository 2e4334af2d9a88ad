// « Essayer »: the same views on a practice session of this machine alone, with a banner and a word of
// explanation at each step. Its stop is the real one.
import { useState } from "preact/hooks";
import { language } from "../../shared/i18n";
import { post } from "../api";
import type { Password, Person, Rehearsal, RequestDetail } from "../contract";
import { Problem, useAct } from "../hooks";
import { t } from "../messages/index";
import { news, refresh } from "../news";
import { Live } from "./live";
import { RequestCard } from "./request";
import type { Decision } from "./request_parts";

const sample_words = "lusab babad gutih tugad";  // of no practice

const say = async (act: string): Promise<void> => {
  const done = await post<{ passwords?: Password[] }>("/api/rehearsal", { act, language: language() });
  if (done.passwords) news.set({ passwords: { ...news.get().passwords, rehearsal: { passwords: done.passwords, host_words: sample_words } } });
  await refresh();
};

function Coach({ title, text }: { title: string; text: string }) {
  return (
    <aside class="coach" aria-label={t("rehearsal_banner")}>
      <p class="coach-banner"><strong>{t("rehearsal_banner")}</strong> {t("rehearsal_nothing_real")}</p>
      <div class="coach-text">
        <p><strong>{title}</strong> {text}</p>
        <Leave />
      </div>
    </aside>
  );
}

function Leave() {
  const act = useAct();
  const leave = () => act.run(async () => {
    await say("leave");
    location.hash = "#/";
  });
  return <button type="button" class="button quiet" disabled={act.busy} onClick={() => void leave()}>{t("rehearsal_leave")}</button>;
}

function Begin() {
  const act = useAct();
  return (
    <section class="card intro" aria-labelledby="rehearsal">
      <h1 id="rehearsal">{t("rehearsal_title")}</h1>
      <p class="big-line">{t("rehearsal_intro")}</p>
      <ol class="how">{(["rehearsal_1", "rehearsal_2", "rehearsal_3"] as const).map((k) => <li key={k}>{t(k)}</li>)}</ol>
      <Problem problem={act.problem} />
      <button type="button" class="button main" disabled={act.busy} onClick={() => void act.run(() => say("begin"))}>{t("rehearsal_begin")}</button>
    </section>
  );
}

function sample_detail(rehearsal: Rehearsal): RequestDetail {
  return {
    request: rehearsal.request, request_sha256: "", host_words: "", host_keys: [], form: `rehearsal-${language()}`, recording_days: 30,
    notice: { version: "rehearsal", language: language(), sha256: "", level1: t("rehearsal_notice"), level2: t("rehearsal_notice_more") },
  };
}

function Ended({ rehearsal }: { rehearsal: Rehearsal }) {
  const [busy, set_busy] = useState(false);
  const act = useAct();
  const go = (what: string) => (set_busy(true), void act.run(() => say(what)).finally(() => set_busy(false)));
  return (
    <section class="card intro" aria-labelledby="rehearsal-over">
      <h1 id="rehearsal-over">{t(rehearsal.stopped ? "rehearsal_stopped" : "rehearsal_over")}</h1>
      {rehearsal.cut_ms !== null && <p class="big-line">{t("said_cut_in", { ms: rehearsal.cut_ms })}</p>}
      <p>{t(rehearsal.stopped ? "rehearsal_well_done" : "rehearsal_try_stop")}</p>
      <Problem problem={act.problem} />
      <p class="actions">
        <button type="button" class="button main" disabled={busy} onClick={() => (go("leave"), (location.hash = "#/"))}>{t("rehearsal_finish")}</button>
        <button type="button" class="button quiet" disabled={busy} onClick={() => go("begin")}>{t("rehearsal_once_more")}</button>
      </p>
    </section>
  );
}

export function RehearsalView({ rehearsal, person }: { rehearsal: Rehearsal | null; person: Person }) {
  if (!rehearsal) return <Begin />;
  if (rehearsal.step === "ENDED") return <><Coach title={t("coach_end")} text={t("coach_end_text")} /><Ended rehearsal={rehearsal} /></>;
  if (rehearsal.step === "OPEN" && rehearsal.session)
    return <><Coach title={t("coach_live")} text={t("coach_live_text")} /><Live session={rehearsal.session} id="rehearsal" person={person} /></>;
  const decision: Decision = { approve: () => say("approve"), refuse: () => say("refuse") };
  return <><Coach title={t("coach_request")} text={t("coach_request_text")} /><RequestCard key={language()} detail={sample_detail(rehearsal)} person={person} decision={decision} /></>;
}
