// The list: a technician's own, or all of them for compliance and auditors; searched here, page after page.
import { useState } from "preact/hooks";
import { short_date_time } from "../../shared/i18n";
import type { Intervention } from "../contract";
import { link_to, Loading, usePages, useTitle } from "../hooks";
import { t, tn } from "../messages/index";
import { tool_list, word_of } from "../messages/codes";
import { Select, TextField } from "../parts/field";
import { is_live, StateTag } from "../parts/words";
import { paris_wall } from "../paris";
import { is } from "../who";

export interface Sieve { text: string; state: string; from: string; until: string }
const states = ["REQUESTED", "APPROVED", "OPEN", "PAUSED", "ENDED", "CLOSED", "REFUSED", "EXPIRED", "NOT_ASKED", "CANCELLED"] as const;

const words_in = (i: Intervention): string => [i.practice_name, i.practice, i.system, i.system_label, i.ticket, i.reason, i.id, ...i.operators.map((o) => o.name)].join(" ").toLowerCase();

export function passes(i: Intervention, sieve: Sieve): boolean {
  const day = paris_wall(Date.parse(i.requested_at)).slice(0, 10);
  const state = sieve.state === "live" ? is_live(i) : sieve.state === "over" ? !is_live(i) : !sieve.state || i.state === sieve.state;
  return state && (!sieve.from || day >= sieve.from) && (!sieve.until || day <= sieve.until) && sieve.text.toLowerCase().split(/\s+/).every((word) => words_in(i).includes(word));
}

function Row({ intervention: i }: { intervention: Intervention }) {
  const person = i.operators.find((o) => o.login === i.in_charge)?.name ?? i.in_charge;
  return (
    <li>
      <a class="line" href={link_to("interventions", i.id)}>
        <strong>{i.system_label}, {i.practice_name}</strong>
        <span class="muted">{i.ticket} · {person} · {tool_list(i.tools)}</span>
        <span class="muted">{short_date_time(i.requested_at)}</span>
        <StateTag state={i.state} />
      </a>
    </li>
  );
}

export function InterventionsView() {
  const mine = is("technician");
  const list = usePages<Intervention>(mine ? "/interventions?mine=true" : "/interventions");
  const [sieve, set_sieve] = useState<Sieve>({ text: "", state: "", from: "", until: "" });
  const set = (change: Partial<Sieve>) => set_sieve({ ...sieve, ...change });
  const shown = list.value?.filter((i) => passes(i, sieve)) ?? [];
  const title = t(mine ? "nav_mine" : "nav_all");
  useTitle(title);
  return (
    <>
      <h1>{title}</h1>
      <form class="card filters" role="search" onSubmit={(e) => e.preventDefault()}>
        <TextField id="find" type="search" label={t("ls_search")} value={sieve.text} change={(text) => set({ text })} />
        <Select id="state" label={t("ls_filter_state")} value={sieve.state} change={(state) => set({ state })} choices={[["", t("ls_any")], ["live", t("ls_live")], ["over", t("ls_over")], ...states.map((s) => [s, word_of(s)] as const)]} />
        <TextField id="from" type="date" label={t("ls_from")} value={sieve.from} change={(from) => set({ from })} />
        <TextField id="until" type="date" label={t("ls_until")} value={sieve.until} change={(until) => set({ until })} />
      </form>
      <Loading of={list}>
        <section class="card" aria-label={title}>
          <p class="muted" role="status">{shown.length ? tn("ls_found", shown.length) : t(list.value?.length ? "ls_none" : "ls_none_yet")}</p>
          {shown.length > 0 && <ul class="lines">{shown.map((i) => <Row key={i.id} intervention={i} />)}</ul>}
          {list.more && <p><button type="button" class="button quiet" onClick={list.more}>{t("more")}</button></p>}
        </section>
      </Loading>
    </>
  );
}
