// A request, readable in ten seconds, and the decision: choose, then confirm. Nothing is pre-ticked; every box
// takes something away from the technician or adds a choice of its own. Silence is no answer: it lapses.
import { useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { clock_time, duration, useLanguage } from "../../shared/i18n";
import { seconds_to } from "../../shared/countdown";
import { part, post } from "../api";
import type { Approved, Person, Request, RequestDetail } from "../contract";
import { FocusHeading, Loading, Problem, useAct, useLoad, useSecond } from "../hooks";
import { t, tn } from "../messages/index";
import { tool_name } from "../messages/codes";
import { news, refresh } from "../news";
import { is_to_come } from "../planned";
import { PlannedCard, when_of } from "./planned_card";
import { AnswerBar, Facts, lead_of, NoticeCard, only_looks, Refuse, Tags, type Choices, type Decision } from "./request_parts";

const left_words = (seconds: number): string => duration(seconds >= 60 ? seconds - (seconds % 60) : seconds);

function Waits({ request }: { request: Request }) {
  useSecond();
  const left = left_words(seconds_to(request.expires_at, news.get().offset, Date.now()));
  if (!request.planned) return <p class="muted">{t("waits_until", { time: clock_time(request.expires_at), left })}</p>;
  return <p class="muted">{t("planned_begun", { when: when_of(request), left })} {request.accepted && t("planned_was_accepted", { name: request.accepted.by.name })}</p>;
}

function minute_choices(most: number): number[] {
  const out = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240].filter((m) => m < most);
  return [...out, most].reverse();
}

function Box({ id, checked, set, label, help }: { id: string; checked: boolean; set: (on: boolean) => void; label: string; help?: string }) {
  return (
    <div class="box">
      <input type="checkbox" id={id} checked={checked} onChange={(e) => set(e.currentTarget.checked)} aria-describedby={help ? `${id}-help` : undefined} />
      <div><label for={id}>{label}</label>{help && <p class="small" id={`${id}-help`}>{help}</p>}</div>
    </div>
  );
}

function ChoiceFields({ request, choices, set, days }: { request: Request; choices: Choices; set: (c: Choices) => void; days: number }) {
  const drop = (tool: string, on: boolean) => set({ ...choices, without: on ? [...choices.without, tool] : choices.without.filter((x) => x !== tool) });
  return (
    <fieldset class="choices">
      <legend>{t("choices")}</legend>
      <p class="small">{t("choices_help")}</p>
      <div class="box">
        <div>
          <label for="minutes">{t("choose_minutes")}</label>{" "}
          <select id="minutes" value={choices.minutes} onChange={(e) => set({ ...choices, minutes: Number(e.currentTarget.value) })}>
            {minute_choices(request.minutes).map((m) => <option key={m} value={m}>{m === request.minutes ? t("minutes_asked", { n: m }) : t("minutes_n", { n: m })}</option>)}
          </select>
        </div>
      </div>
      <Box id="view-only" checked={choices.view_only} set={(on) => set({ ...choices, view_only: on })} label={t("view_only")} help={t("view_only_help")} />
      {request.tools.length > 1 && request.tools.map((tool) => (
        <Box key={tool} id={`without-${tool}`} checked={choices.without.includes(tool)} set={(on) => drop(tool, on)} label={t("without_tool", { tool: tool_name(tool) })} />
      ))}
      <Box id="not-watched" checked={choices.not_watched} set={(on) => set({ ...choices, not_watched: on })} label={t("not_watched")} help={t("not_watched_help")} />
      <Box id="record" checked={choices.record} set={(on) => set({ ...choices, record: on })} label={t("record")} help={t("record_help", { days })} />
    </fieldset>
  );
}

function Confirm({ request, choices, decision, back }: { request: Request; choices: Choices; decision: Decision; back: () => void }) {
  const act = useAct();
  const tools = request.tools.filter((tool) => !choices.without.includes(tool));
  return (
    <section class="card confirm" aria-labelledby="confirm">
      <FocusHeading level={1} id="confirm">{t("confirm_title")}</FocusHeading>
      <ul>
        <li>{t("confirm_who", { names: request.operators.filter((o) => o.mode === "CONNECTED").map((o) => (only_looks(o) ? `${o.name} (${t("only_looks")})` : o.name)).join(", "), system: request.system.label })}</li>
        <li>{t("confirm_time", { n: choices.minutes })}</li>
        <li>{choices.view_only ? t("confirm_view") : t("confirm_tools", { tools: tools.map(tool_name).join(", ") })}</li>
        <li>{t(choices.not_watched ? "confirm_not_watched" : "confirm_watched")}</li>
        <li>{t(choices.record ? "confirm_record" : "confirm_no_record")}</li>
      </ul>
      <p>{t("confirm_withdraw")}</p>
      {act.busy && <p class="loading" role="status">{t("opening")}</p>}
      <div class="pair-buttons">
        <button type="button" class="button choice" disabled={act.busy} onClick={() => void act.run(() => decision.approve(choices))}>{t("confirm_yes")}</button>
        <button type="button" class="button choice" disabled={act.busy} onClick={back}>{t("back")}</button>
      </div>
    </section>
  );
}

export function RequestCard({ detail, person, decision, answered = false }: { detail: RequestDetail; person: Person; decision: Decision; answered?: boolean }) {
  const { request, notice } = detail;
  const [choices, set_choices] = useState<Choices>({ minutes: request.minutes, without: [], view_only: false, not_watched: false, record: false });
  const [step, set_step] = useState<"read" | "accept" | "refuse">("read");
  const [nothing_left, set_nothing_left] = useState(false);
  const observes = person.role === "OBSERVER";
  const accept = () => {
    const empty = choices.without.length === request.tools.length;
    set_nothing_left(empty);
    if (!empty) set_step("accept");
  };
  if (step === "refuse") return <Refuse decision={decision} back={() => set_step("read")} />;
  if (is_to_come(request)) return <PlannedCard detail={detail} person={person} decision={decision} answered={answered} refuse={() => set_step("refuse")} />;
  if (step === "accept") return <Confirm request={request} choices={choices} decision={decision} back={() => set_step("read")} />;
  return (
    <article class="request" aria-labelledby="request">
      <header>
        <Tags request={request} />
        <h1 id="request">{t("request_title", { name: lead_of(request)?.name ?? "", system: request.system.label })}</h1>
        <p class="big-line">{t(observes ? "observer_waits" : "nothing_open")}</p>
        <Waits request={request} />
      </header>
      <Facts request={request} />
      <div class="request-body">
        <NoticeCard notice={notice} title={observes ? "notice_title_observer" : "notice_title"} />
        {observes ? (
          <p class="note">{t("observer_cannot")}</p>
        ) : (
          <section class="card" aria-label={t("decide")}>
            <ChoiceFields request={request} choices={choices} set={set_choices} days={detail.recording_days} />
          </section>
        )}
      </div>
      {!observes && (
        <AnswerBar title={t("answer")} help={t("answer_help")} problem={nothing_left ? t("nothing_left") : null}>
          <button type="button" class="button choice" onClick={accept}>{t(request.planned ? "planned_open" : "accept")}</button>
          <button type="button" class="button choice" onClick={() => set_step("refuse")}>{t("refuse")}</button>
        </AnswerBar>
      )}
    </article>
  );
}

function decision_on(detail: RequestDetail): Decision {
  const id = detail.request.intervention;
  return {
    async approve(choices) {
      const done = await post<Approved>(`/api/requests/${part(id)}/approve`, {
        form: detail.form, request_sha256: detail.request_sha256, notice_sha256: detail.notice.sha256, language: detail.notice.language,
        minutes: choices.minutes, without: choices.without, view_only: choices.view_only, watch: choices.not_watched ? "NOT_WATCHED" : "WATCHED", record: choices.record,
      });
      const passwords = { ...news.get().passwords, [done.intervention]: { passwords: done.passwords, host_words: done.host_words } };
      news.set({ passwords });
      await refresh();
    },
    async accept() {
      await post(`/api/requests/${part(id)}/accept`, { form: detail.form, request_sha256: detail.request_sha256, notice_sha256: detail.notice.sha256, language: detail.notice.language });
      announce(t("said_accepted"));
      await refresh();
    },
    async refuse(why) {
      await post(`/api/requests/${part(id)}/refuse`, { form: detail.form, request_sha256: detail.request_sha256, why });
      await refresh();
    },
  };
}

export function RequestView({ request, person }: { request: Request; person: Person }) {
  const language = useLanguage();
  const loaded = useLoad<RequestDetail>(`/api/requests/${part(request.intervention)}?language=${language}`);
  const [problem, set_problem] = useState<unknown>(null);
  const [answered, set_answered] = useState(false);
  // A form is for one use: whatever came of it, the next try begins with a new one, and says why.
  const once = <A extends unknown[]>(act: (...values: A) => Promise<unknown>) => async (...values: A) => {
    try {
      set_problem(null);
      await act(...values);
    } catch (refused) {
      set_problem(refused);
      loaded.again();
      throw refused;
    }
  };
  if (!loaded.value || loaded.problem) return <Loading of={loaded}>{null}</Loading>;
  // The state is younger than the detail: what was accepted, and whether its time has come, are read from it.
  const { planned, accepted, can_open } = request;
  const detail = { ...loaded.value, request: { ...loaded.value.request, planned, accepted, can_open } };
  const acts = decision_on(detail);
  const decision: Decision = {
    approve: once(acts.approve),
    refuse: once(acts.refuse),
    accept: once(async () => {
      await acts.accept!();
      set_answered(true);
      loaded.again();
    }),
  };
  return (
    <>
      <Problem problem={problem} />
      <RequestCard key={detail.form + detail.notice.sha256} detail={detail} person={person} decision={decision} answered={answered} />
    </>
  );
}

// Several at once: the oldest first, one on the screen.
export function Requests({ requests, person }: { requests: Request[]; person: Person }) {
  const [chosen, set_chosen] = useState<string | null>(null);
  const shown = requests.find((r) => r.intervention === chosen) ?? requests[0]!;
  return (
    <>
      {requests.length > 1 && (
        <nav class="card" aria-label={tn("door_waiting", requests.length)}>
          <p><strong>{tn("door_waiting", requests.length)}</strong></p>
          <div class="segments">
            {requests.map((r) => (
              <button type="button" key={r.intervention} class="segment" aria-pressed={r === shown} onClick={() => set_chosen(r.intervention)}>
                {lead_of(r)?.name} – {r.system.label}
              </button>
            ))}
          </div>
        </nav>
      )}
      <RequestView key={shown.intervention} request={shown} person={person} />
    </>
  );
}
