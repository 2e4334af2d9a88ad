// The main courante: filters in the address, the total said aloud, one page of rows at a time, newest first.
import { useState } from "preact/hooks";
import { duration, number, short_date_time } from "../../shared/i18n";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { tool_list } from "../../console/messages/codes";
import type { Filter, Found, Row } from "../contract";
import { read_filter, text_of } from "../filter";
import { knows, word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { Grid, type Column } from "../parts/grid";
import { Tag } from "../parts/small";
import { stated } from "../purpose";
import { address, go, type Route } from "../route";
import { Filters } from "./filters";
import { WithPurpose } from "./purpose";
import { Searches } from "./searches";
import { StateTag } from "../../console/parts/words";
import type { State } from "../../console/contract";

const page_size = 50;

const columns = (): Column[] => [
  { key: "when", head: t("mc_when"), sorted: "descending" }, { key: "where", head: t("mc_where") }, { key: "who", head: t("mc_who") }, { key: "how", head: t("mc_how") }, { key: "remarks", head: t("mc_remarks") }, { key: "marks", head: t("mc_marks") },
];

function Remarks({ row }: { row: Row }) {
  const bad = row.nonconformities.map((n) => (knows(n) ? word(n) : n)).join(", ");
  return (
    <span class="tags">
      {row.criticality !== "STANDARD" && <Tag tone={row.criticality === "CRITICAL" ? "call" : "plain"}>{word(row.criticality)}</Tag>}
      {row.emergency && <Tag tone="call">{t("mc_is_emergency")}</Tag>}
      {row.pair && <Tag>{t("mc_is_pair")}</Tag>}
      {row.watched === false && <Tag tone="call">{t("mc_is_unwatched")}</Tag>}
      {row.nonconformities.length > 0 && <span title={bad}><Tag tone="bad">{tn("mc_nonconformities", row.nonconformities.length)}<span class="unseen"> : {bad}</span></Tag></span>}
    </span>
  );
}

function Marks({ marks }: { marks: Row["marks"] }) {
  return (
    <span class="tags">
      {!marks.questions && !marks.findings && (marks.seen ? <span class="muted">{t("mc_is_seen")}</span> : <Tag>{t("mc_is_unseen")}</Tag>)}
      {marks.questions > 0 && <Tag tone="call">{tn("mc_questions", marks.questions)}</Tag>}
      {marks.findings > 0 && <Tag tone="bad">{tn("mc_findings", marks.findings)}</Tag>}
    </span>
  );
}

const has_remarks = (row: Row): boolean => row.criticality !== "STANDARD" || row.emergency || row.pair || row.watched === false || row.nonconformities.length > 0;

const cells_of = (row: Row) => ({
  when: <><a href={address(["interventions", row.id])}>{short_date_time(row.requested_at)}</a><br /><span class="muted">{row.ticket}</span></>,
  where: <>{row.practice_name}<br /><span class="muted">{row.system_label}</span></>,
  who: <>{row.in_charge || <em class="muted">{t("mc_gone_name")}</em>}<br /><span class="muted">{tool_list(row.tools)}</span></>,
  how: <><StateTag state={row.state as State} /><br /><span class="muted">{[row.outcome && word(row.outcome), row.active_seconds !== null && duration(row.active_seconds)].filter(Boolean).join(" · ")}</span></>,
  remarks: has_remarks(row) ? <Remarks row={row} /> : undefined,
  marks: <Marks marks={row.marks} />,
});

// The pages seen so far, so that one can go back: a cursor each; the first has none.
function usePaging(of: string): { cursor: string | null; first: number; next: (cursor: string) => void; back: (() => void) | null } {
  const [kept, set_kept] = useState<{ of: string; cursors: string[] }>({ of, cursors: [] });
  const cursors = kept.of === of ? kept.cursors : [];
  return {
    cursor: cursors.at(-1) ?? null, first: cursors.length * page_size,
    next: (cursor) => set_kept({ of, cursors: [...cursors, cursor] }),
    back: cursors.length ? () => set_kept({ of, cursors: cursors.slice(0, -1) }) : null,
  };
}

export function total_words(found: Found | null, first: number): string {
  if (!found) return t("mc_looking");
  if (!found.total) return t("mc_none");
  if (found.total <= found.items.length) return tn("mc_total", found.total, { n: number(found.total) });
  return t("mc_range", { from: number(first + 1), until: number(first + found.items.length), total: number(found.total) });
}

function Results({ filter }: { filter: Filter }) {
  const query = text_of(filter);
  const paging = usePaging(query);
  const { value: purpose } = stated.use();
  const found = useLoad<Found>(purpose ? `/review/interventions?${query}${query && "&"}limit=${page_size}${paging.cursor ? `&cursor=${encodeURIComponent(paging.cursor)}` : ""}` : null);
  const turn = (step: () => void) => {
    step();
    document.getElementById("book-results")?.focus();
  };
  const next = found.value?.next;
  return (
    <section class="card" aria-labelledby="book-results">
      <p id="book-results" tabIndex={-1} role="status" class="results-total">{found.problem && !found.value ? t("mc_title") : total_words(found.value, paging.first)}</p>
      <Loading of={found}>
        {found.value && found.value.items.length > 0 && <Grid caption={t("mc_title")} columns={columns()} lines={found.value.items.map((row) => ({ key: row.id, cells: cells_of(row) }))} />}
      </Loading>
      {(paging.back || next) && (
        <nav class="actions pages" aria-label={t("mc_pages")}>
          {paging.back && <button type="button" class="button quiet" onClick={() => turn(paging.back!)}>← {t("mc_before")}</button>}
          {next && <button type="button" class="button quiet" onClick={() => turn(() => paging.next(next))}>{t("mc_next")} →</button>}
        </nav>
      )}
    </section>
  );
}

export function BookView({ route }: { route: Route }) {
  const filter = read_filter(route.query);
  useTitle(t("mc_title"));
  return (
    <WithPurpose title={t("mc_title")}>
      <div class="row title-row"><h1>{t("mc_title")}</h1><a class="button quiet" href={address(["exports"], { ...filter, new: "CSV" })}>{t("mc_export")}</a></div>
      <Filters filter={filter} look={(f) => go(["interventions"], { ...f })} />
      <Results filter={filter} />
      <Searches filter={filter} />
    </WithPurpose>
  );
}
