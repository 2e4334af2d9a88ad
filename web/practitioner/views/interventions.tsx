// My interventions: searched, dated, fifty a page.
import { useState } from "preact/hooks";
import type { Line } from "../contract";
import { Loading, useLoad } from "../hooks";
import { t, tn } from "../messages/index";
import { word_of } from "../messages/codes";
import { LineList } from "./closed";

const states = ["REFUSED", "EXPIRED", "CANCELLED", "OPEN", "ENDED", "CLOSED"];
const page_size = 50;

export function Interventions() {
  const [asked, set_asked] = useState({ text: "", from: "", to: "", state: "" });
  const [shown, set_shown] = useState({ ...asked, offset: 0 });
  const query = new URLSearchParams({ text: shown.text, from: shown.from, to: shown.to, state: shown.state, offset: String(shown.offset) });
  const loaded = useLoad<{ total: number; lines: Line[] }>(`/api/interventions?${query}`);
  const set = (change: Partial<typeof asked>) => set_asked({ ...asked, ...change });
  const submit = (event: Event) => (event.preventDefault(), set_shown({ ...asked, offset: 0 }));
  return (
    <>
      <div class="row"><h1>{t("my_interventions")}</h1><a class="button quiet" href="#/calendar">{t("calendar")}</a></div>
      <form class="card search" role="search" onSubmit={submit}>
        <div class="field field-wide"><label for="search">{t("search")}</label><input id="search" type="search" value={asked.text} onInput={(e) => set({ text: e.currentTarget.value })} /></div>
        <div class="field"><label for="from">{t("from")}</label><input id="from" type="date" value={asked.from} onInput={(e) => set({ from: e.currentTarget.value })} /></div>
        <div class="field"><label for="to">{t("to")}</label><input id="to" type="date" value={asked.to} onInput={(e) => set({ to: e.currentTarget.value })} /></div>
        <div class="field"><label for="state">{t("state")}</label>
          <select id="state" value={asked.state} onChange={(e) => set({ state: e.currentTarget.value })}>
            <option value="">{t("state_any")}</option>
            {states.map((s) => <option key={s} value={s}>{word_of(s)}</option>)}
          </select>
        </div>
        <button class="button main">{t("search_button")}</button>
      </form>
      <Loading of={loaded}>
        {loaded.value && (
          <section class="card" aria-label={t("results")}>
            <p role="status">{tn("found", loaded.value.total)}</p>
            {loaded.value.lines.length > 0 && <LineList lines={loaded.value.lines} />}
            {loaded.value.total > page_size && (
              <nav class="row" aria-label={t("pages")}>
                <button type="button" class="button quiet" disabled={shown.offset === 0} onClick={() => set_shown({ ...shown, offset: Math.max(0, shown.offset - page_size) })}>{t("newer")}</button>
                <span>{t("page_of", { n: shown.offset / page_size + 1, of: Math.ceil(loaded.value.total / page_size) })}</span>
                <button type="button" class="button quiet" disabled={shown.offset + page_size >= loaded.value.total} onClick={() => set_shown({ ...shown, offset: shown.offset + page_size })}>{t("older")}</button>
              </nav>
            )}
          </section>
        )}
      </Loading>
    </>
  );
}
