// A planned intervention before its time: only its date is answered, which opens nothing. When its window begins
// it is a request like any other, and the usual consent opens it.
import { capital, window_words } from "../../shared/window";
import type { Person, Request, RequestDetail } from "../contract";
import { FocusHeading, useAct } from "../hooks";
import { t } from "../messages/index";
import { news } from "../news";
import { AnswerBar, Facts, lead_of, NoticeCard, Tags, type Decision } from "./request_parts";

export const when_of = (r: Request): string => window_words(r.planned!.from, r.planned!.until, Date.now() + news.get().offset);

// `focus`: this person has just said so; the button that did it is gone.
function Accepted({ request, person, focus }: { request: Request; person: Person; focus: boolean }) {
  const by = request.accepted!.by;
  return (
    <section class="note note-good" aria-labelledby="accepted">
      <FocusHeading id="accepted" focus={focus}>{by.login === person.login ? t("planned_accepted_you") : t("planned_accepted_other", { name: by.name })}</FocusHeading>
      <p>{t("planned_accepted_next")}</p>
    </section>
  );
}

export function PlannedCard({ detail, person, decision, answered, refuse }: { detail: RequestDetail; person: Person; decision: Decision; answered: boolean; refuse: () => void }) {
  const { request, notice } = detail;
  const act = useAct();
  const observes = person.role === "OBSERVER";
  const accepted = request.accepted !== null;
  return (
    <article class="request" aria-labelledby="request">
      <header>
        <Tags request={request} />
        <h1 id="request">{t("planned_title", { name: lead_of(request)?.name ?? "", system: request.system.label })}</h1>
        <p class="big-line"><strong>{capital(when_of(request))}</strong></p>
        {!accepted && <p>{t(observes ? "observer_waits" : "planned_closed")}</p>}
      </header>
      {accepted && <Accepted request={request} person={person} focus={answered} />}
      <Facts request={request} />
      <div class="request-body">
        <NoticeCard notice={notice} title={observes ? "notice_title_observer" : "planned_notice"} />
        <section class="card" aria-labelledby="only-date">
          <h2 id="only-date">{t("planned_what")}</h2>
          <p>{t("planned_opens_nothing")}</p>
          {!accepted && <p class="small">{t("planned_silence")}</p>}
          {observes && <p class="note">{t("observer_cannot")}</p>}
        </section>
      </div>
      {!observes && (
        <AnswerBar title={t(accepted ? "planned_changed_mind" : "planned_answer")} help={t(accepted ? "planned_still_refuse" : "planned_answer_help")}>
          {!accepted && <button type="button" class="button choice" disabled={act.busy} onClick={() => void act.run(decision.accept!)}>{t("planned_suits")}</button>}
          <button type="button" class="button choice" disabled={act.busy} onClick={refuse}>{t("refuse")}</button>
        </AnswerBar>
      )}
    </article>
  );
}
