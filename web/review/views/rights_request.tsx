// One request of a person: its clock, and the steps to its answer.
import { useState } from "preact/hooks";
import { bytes, date_only, date_time } from "../../shared/i18n";
import { get_file, part, post } from "../../console/api";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { Radios, Select, TextArea, TextField } from "../../console/parts/field";
import { Pairs } from "../../console/parts/words";
import { language } from "../../shared/i18n";
import { may_write } from "../access";
import type { RightsRequest } from "../contract";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { Deed } from "../parts/deed";
import { Card, Download, DueDay, says_why, Steps } from "../parts/small";
import { stated } from "../purpose";
import { address, query_of } from "../route";
import { PurposeForm } from "./purpose";

interface Part { request: RightsRequest; changed: () => void }
const to = (request: RightsRequest, act: string, body: unknown) => post(`/rights-requests/${part(request.id)}/${act}`, body);

const methods = ["ACCOUNT", "CALL_BACK", "LETTER", "DOCUMENT_SEEN", "PRACTICE", "NONE"] as const;

function Identity({ request, changed }: Part) {
  const [method, set_method] = useState("");
  const [result, set_result] = useState("");
  return (
    <Deed label={t("rr_identity_act")} what={<p>{t("rr_identity_what")}</p>} yes={t("rr_identity_yes")} ready={method !== "" && result !== ""} send={() => to(request, "identity", { method, result })} done={changed}>
      <Select id="identity-method" label={t("rr_identity_method")} help={t("rr_identity_method_help")} required value={method} choices={[["", t("choose")], ...methods.map((m) => [m, word(m, "method")] as const)]} change={set_method} />
      <Radios name="identity-result" legend={t("rr_identity_result")} value={result} change={set_result} choices={["CONFIRMED", "NOT_CONFIRMED", "NOT_NEEDED"].map((r) => [r, word(r, "identity")] as const)} />
    </Deed>
  );
}
function Extend({ request, changed }: Part) {
  const [reason, set_reason] = useState("");
  return (
    <Deed label={t("rr_extend")} what={<p>{t("rr_extend_what")}</p>} yes={t("rr_extend_yes")} ready={says_why(reason)} send={() => to(request, "extend", { reason: reason.trim() })} done={changed}>
      <TextArea id="extend-reason" label={t("reason")} help={t("reason_help")} required rows={2} maxLength={500} value={reason} change={set_reason} />
    </Deed>
  );
}
function Forward({ request, changed }: Part) {
  const [practice, set_practice] = useState(request.practice ?? "");
  return (
    <Deed label={t("rr_forward")} what={<p>{t("rr_forward_what")}</p>} yes={t("rr_forward_yes")} ready={practice.trim() !== ""} send={() => to(request, "forward", { to: practice.trim() })} done={changed}>
      <TextField id="forward-to" label={t("rr_forward_to")} required maxLength={63} value={practice} change={set_practice} />
    </Deed>
  );
}
function Search({ request, changed }: Part) {
  const [login, set_login] = useState("");
  const [name, set_name] = useState(request.requester);
  const { value: purpose } = stated.use();
  if (!purpose) return <PurposeForm />;
  return (
    <Deed label={t("rr_search")} what={<p>{t("rr_search_what")}</p>} yes={t("rr_search_yes")} ready={Boolean(login.trim() || name.trim())} send={() => to(request, "search", { login: login.trim(), name: name.trim() })} done={changed}>
      <TextField id="search-login" label={t("rr_search_login")} optional maxLength={63} value={login} change={set_login} />
      <TextField id="search-name" label={t("rr_search_name")} optional maxLength={120} value={name} change={set_name} />
    </Deed>
  );
}

const outcomes = ["GRANTED", "PARTLY_GRANTED", "REFUSED", "NOTHING_HELD", "FORWARDED", "WITHDRAWN"] as const;

function Answer({ request, changed }: Part) {
  const [outcome, set_outcome] = useState("");
  const [words, set_words] = useState("");
  const [lang, set_lang] = useState<string>(language());
  return (
    <Deed label={t("rr_answer")} tone="main" what={<p>{t("rr_answer_what")}</p>} yes={t("rr_answer_yes")} ready={outcome !== "" && words.trim() !== ""} send={() => to(request, "answer", { outcome, words: words.trim(), language: lang })} done={changed}>
      <Select id="answer-outcome" label={t("rr_outcome")} required value={outcome} choices={[["", t("choose")], ...outcomes.map((o) => [o, word(o, "outcome")] as const)]} change={set_outcome} />
      <TextArea id="answer-words" label={t("rr_answer_words")} help={t("rr_answer_help")} required rows={5} maxLength={4000} value={words} change={set_words} />
      <Select id="answer-language" label={t("ex_language")} value={lang} choices={[["fr", t("ex_fr")], ["en", t("ex_en")]]} change={set_lang} />
    </Deed>
  );
}

function Acts(props: Part) {
  const { request } = props;
  if (!may_write() || request.state === "ANSWERED") return null;
  return (
    <Card title={t("acts")} id="acts">
      <div class="actions deeds">
        <Identity {...props} />
        <Search {...props} />
        {!request.forwarded_at && <Forward {...props} />}
        {!request.extended_until && <Extend {...props} />}
        <Answer {...props} />
      </div>
    </Card>
  );
}

function Facts({ request: r }: { request: RightsRequest }) {
  return (
    <Card title={t("rr_the_request")} id="request">
      <p class="tasks">{r.text}</p>
      <Pairs rows={[
        [t("rr_type"), word(r.type)], [t("rr_requester"), <>{r.requester} <span class="muted">· {word(r.requester_status)}</span></>], [t("rr_contact"), r.contact], [t("rr_received"), <>{date_time(r.received_at)} <span class="muted">· {word(r.channel)}</span></>],
        r.practice ? [t("rr_practice"), r.practice] : null, [t("rr_route"), word(r.route, "route")],
        [t("rr_identity"), r.identity ? <>{word(r.identity.result, "identity")} <span class="muted">· {word(r.identity.method, "method")}, {date_only(r.identity.at)}</span></> : t("not_yet")],
        r.found !== null ? [t("rr_search"), tn("rr_found", r.found)] : null,
      ]} />
    </Card>
  );
}

const file_at = (request: RightsRequest, name: string) => get_file(`/rights-requests/${part(request.id)}/file${query_of({ name })}`);

export function RightsRequestView({ id }: { id: string }) {
  const loaded = useLoad<RightsRequest>(`/rights-requests/${part(id)}`);
  const r = loaded.value;
  const title = r ? t("rr_heading", { type: word(r.type), requester: r.requester || t("mc_gone_name") }) : t("rg_rights");
  useTitle(title);
  return (
    <>
      <p class="no-print"><a href={address(["registers", "rights"])}>← {t("rr_back")}</a></p>
      <Loading of={loaded}>
        {r && (
          <>
            <h1>{title}</h1>
            <p class="big-line">{r.answered_at ? t("rr_answered", { date: date_only(r.answered_at), outcome: word(r.outcome, "outcome") }) : <>{t("rr_due")}{t("colon")} <DueDay due={r.extended_until ?? r.due} late={r.late} /></>} · {word(r.state, "rights")}</p>
            {r.extended_until && <p class="note note-call">{t("rr_extended", { date: date_only(r.extended_until), reason: r.extension_reason })}</p>}
            {r.forwarded_at && <p class="note">{t("rr_forwarded", { to: r.forwarded_to ?? "", date: date_only(r.forwarded_at) })}</p>}
            {r.state === "SEARCHING" && <div class="note note-call row"><p role="status">{t("rr_searching")}</p><button type="button" class="button quiet" onClick={loaded.again}>{t("ex_again")}</button></div>}
            <Facts request={r} />
            {r.files.length > 0 && <Card title={t("rr_files")} id="files"><ul class="plain-rows">{r.files.map((f) => <li key={f.name}><Download label={f.name} tone="plain" name={f.name} fetch_file={() => file_at(r, f.name)} /> <span class="small">{bytes(f.bytes)}</span></li>)}</ul></Card>}
            <Acts request={r} changed={loaded.again} />
            <Card title={t("rr_steps")} id="steps"><Steps steps={r.steps.map((s) => ({ at: s.at, words: <>{word(s.what, "step")}{s.by && <span class="muted"> · {s.by}</span>}</> }))} /></Card>
          </>
        )}
      </Loading>
    </>
  );
}
