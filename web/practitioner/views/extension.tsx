// More time is a consent of its own: its own notice, its own confirmation. The old deadline holds until then.
import { useState } from "preact/hooks";
import { Notice } from "../../shared/parts/notice";
import { useLanguage } from "../../shared/i18n";
import { part, post } from "../api";
import type { ExtensionOffer } from "../contract";
import { FocusHeading, Loading, Problem, useAct, useLoad } from "../hooks";
import { t } from "../messages/index";
import { refresh } from "../news";

function Offer({ id, close }: { id: string; close: () => void }) {
  const language = useLanguage();
  const [minutes, set_minutes] = useState(15);
  const path = `/api/sessions/${part(id)}/extension?minutes=${minutes}&language=${language}`;
  const loaded = useLoad<ExtensionOffer>(path);
  const act = useAct();
  // What is agreed to is what is on the screen: never the notice of other minutes.
  const offer = loaded.of === path ? loaded.value : null;
  const say_yes = () => post(`/api/sessions/${part(id)}/extend`, { form: offer!.form, minutes, notice_sha256: offer!.notice.sha256, language: offer!.notice.language });
  const agree = async () => {
    try {
      await say_yes();
    } catch (refused) {
      loaded.again();  // a form is for one use
      throw refused;
    }
    await refresh();
    close();
  };
  const choices = [5, 10, 15, 30, 60].filter((m) => !offer || m <= offer.most_minutes);
  return (
    <section class="card confirm" aria-labelledby="extend">
      <FocusHeading id="extend">{t("extend_title")}</FocusHeading>
      <label for="extend-minutes">{t("extend_minutes")}</label>{" "}
      <select id="extend-minutes" value={minutes} onChange={(e) => set_minutes(Number(e.currentTarget.value))}>
        {choices.map((m) => <option key={m} value={m}>{t("minutes_n", { n: m })}</option>)}
      </select>
      <Loading of={loaded}>{offer && <div class="notice" lang={offer.notice.language}><Notice text={offer.notice.level1} /></div>}</Loading>
      <Problem problem={act.problem} />
      <div class="pair-buttons">
        <button type="button" class="button choice" disabled={act.busy || !offer} onClick={() => void act.run(agree)}>{t("extend_yes", { n: minutes })}</button>
        <button type="button" class="button choice" disabled={act.busy} onClick={close}>{t("extend_no")}</button>
      </div>
    </section>
  );
}

export function Extension({ id }: { id: string }) {
  const [open, set_open] = useState(false);
  return open ? <Offer id={id} close={() => set_open(false)} /> : <button type="button" class="button quiet" onClick={() => set_open(true)}>{t("extend")}</button>;
}
