// Searches a person keeps for themselves; to share one, its address is sent.
import { useState } from "preact/hooks";
import { part, post, remove } from "../../console/api";
import { Problem, useAct, usePages } from "../../console/hooks";
import { TextField } from "../../console/parts/field";
import { announce } from "../../shared/parts/announce";
import type { Filter, Search } from "../contract";
import { is_empty, read_filter } from "../filter";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Card, ListOf } from "../parts/small";
import { address } from "../route";
import { filter_words } from "./filters";

function Share() {
  const [done, set_done] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      set_done(true);
      announce(t("mc_shared"));
    } catch {
      set_done(false);  // the address bar holds it all the same
    }
  };
  return <button type="button" class="button quiet" onClick={() => void copy()}>{t(done ? "mc_shared" : "mc_share")}</button>;
}

export function Searches({ filter }: { filter: Filter }) {
  const list = usePages<Search>("/review/searches");
  const [label, set_label] = useState("");
  const act = useAct();
  const save = () => post("/review/searches", { label: label.trim(), filter });
  return (
    <Card title={t("mc_saved")} id="searches">
      <ListOf list={list} none={t("mc_saved_none")}>
        {(items) => (
          <ul class="rows">
            {items.map((s) => (
              <li key={s.id}>
                <div><a href={address(["interventions"], { ...read_filter(Object.entries(s.filter)) })}><strong>{s.label}</strong></a><br /><span class="small">{filter_words(s.filter)}</span></div>
                <button type="button" class="button plain" disabled={act.busy} onClick={() => void act.run(async () => (await remove(`/review/searches/${part(s.id)}`), list.again()))}>{t("remove")}<span class="unseen"> {s.label}</span></button>
              </li>
            ))}
          </ul>
        )}
      </ListOf>
      <Problem problem={act.problem} />
      {!is_empty(filter) && (
        <div class="actions search-acts">
          <Deed label={t("mc_save")} what={<p class="small">{filter_words(filter)}. {t("mc_save_what")}</p>} yes={t("save")} ready={label.trim() !== ""} send={save} said={t("saved")} done={() => (set_label(""), list.again())}>
            <TextField id="search-label" label={t("mc_save_name")} required maxLength={60} value={label} change={set_label} />
          </Deed>
          <Share />
        </div>
      )}
    </Card>
  );
}
