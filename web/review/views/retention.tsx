// Retention: the policy, certificates, holds, the annual review, contract ends and what came unasked.
import type { ComponentChildren } from "preact";
import { date_only, date_time, language, number, short_date } from "../../shared/i18n";
import { post } from "../../console/api";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { Pairs } from "../../console/parts/words";
import { may_write } from "../access";
import type { RetentionClass, RetentionState } from "../contract";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Places } from "../parts/places";
import { Card, Tag } from "../parts/small";
import type { Route } from "../route";
import { AnnualReviews } from "./annual_review";
import { CertificatesView, CertificateView } from "./certificates";
import { ContractEnds } from "./contract_ends";
import { Holds } from "./holds";
import { class_name, is_kept_for_ever } from "./retention_words";
import { Spontaneous } from "./spontaneous";

const places = () => [["", t("rt_policy")], ["certificates", t("rt_certificates")], ["holds", t("rt_holds")], ["reviews", t("rt_reviews")], ["contracts", t("rt_contracts")], ["spontaneous", t("rt_spontaneous")]] as const;

function Policy({ state, again }: { state: RetentionState; again: () => void }) {
  const { version, validated_by, validated_at } = state.policy;
  return (
    <Card title={t("rt_version", { version })} id="policy">
      <p class={`note note-${validated_by ? "good" : "call"}`}>{validated_by ? t("rt_validated", { name: validated_by, date: date_only(validated_at) }) : t("rt_not_validated")}</p>
      {!validated_by && may_write() && <Deed label={t("rt_validate")} tone="main" what={<p>{t("rt_validate_what", { version })}</p>} yes={t("rt_validate_yes")} send={() => post("/retention/validate")} done={again} />}
    </Card>
  );
}

function Runs({ state, again }: { state: RetentionState; again: () => void }) {
  const run = state.last_run;
  return (
    <Card title={t("rt_last_run")} id="runs">
      {state.late && <p class="note note-bad"><strong>{t("rt_run_late")}</strong></p>}
      <Pairs rows={[
        [t("rt_last_run"), run ? t("rt_last_run_words", { date: date_time(run.at), n: number(run.destroyed), certificates: number(run.certificates) }) : t("never")],
        [t("rt_next_run"), date_time(state.next_run)], [t("rt_oldest_ip"), state.oldest_ip ? date_only(state.oldest_ip) : t("none")],
      ]} />
      {may_write() && <Deed label={t("rt_run")} tone="stop" what={<p>{t("rt_run_what")}</p>} yes={t("rt_run_yes")} send={() => post("/retention/run")} said={t("act_started")} done={again} />}
    </Card>
  );
}

function Classes({ classes }: { classes: RetentionClass[] }) {
  const columns = [{ key: "class", head: t("rt_class") }, { key: "term", head: t("rt_term") }, { key: "open", head: t("rt_open"), kind: "number" as const }, { key: "oldest", head: t("rt_oldest") }, { key: "due", head: t("rt_due"), kind: "number" as const }, { key: "deferred", head: t("rt_deferred"), kind: "number" as const }, { key: "why", head: t("rt_source") }];
  const line = (c: RetentionClass) => ({ key: c.id, cells: {
    class: class_name(c.id), term: <>{c.days ? t("rt_days", { n: number(c.days) }) : t(is_kept_for_ever(c.id) ? "rt_for_ever" : "rt_never_kept")}{c.ceiling_days > 0 && <><br /><span class="small">{t("rt_ceiling", { n: number(c.ceiling_days) })}</span></>}</>, open: number(c.open), oldest: short_date(c.oldest),
    due: c.due ? <Tag tone="call">{number(c.due)}</Tag> : "0", deferred: number(c.deferred), why: <>{c.legal_source}<br /><span class="small verbatim">{[c.conditions, c.format].filter(Boolean).join(" · ")}</span></>,
  } });
  return <Card title={t("rt_policy")} id="classes"><Grid caption={t("rt_policy")} columns={columns} lines={classes.map(line)} /></Card>;
}

function PolicyView() {
  const loaded = useLoad<RetentionState>(`/retention?language=${language()}`);
  const state = loaded.value;
  useTitle(t("rt_title"));
  return (
    <>
      <h1>{t("rt_title")}</h1>
      <p class="lead">{t("rt_policy_text")}</p>
      <Loading of={loaded}>
        {state && <><div class="columns columns-wide"><Policy state={state} again={loaded.again} /><Runs state={state} again={loaded.again} /></div><Classes classes={state.classes} /></>}
      </Loading>
    </>
  );
}

function view_of(where: string, id: string | undefined): ComponentChildren {
  switch (where) {
    case "certificates": return id ? <CertificateView key={id} id={id} /> : <CertificatesView />;
    case "holds": return <Holds />;
    case "reviews": return <AnnualReviews />;
    case "contracts": return <ContractEnds />;
    case "spontaneous": return <Spontaneous />;
    default: return <PolicyView />;
  }
}

export function RetentionView({ route }: { route: Route }) {
  const [, where = "", id] = route.parts;
  return <><Places area="retention" here={where} places={places()} />{view_of(where, id)}</>;
}
