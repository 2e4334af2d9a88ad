// Tables of the review: real tables, whose rows become cards on a narrow screen. The roles are said aloud, because
// a browser forgets them when a table is laid out as something else.
import type { ComponentChildren } from "preact";

export interface Column { key: string; head: string; sorted?: "ascending" | "descending"; kind?: "number" | "act" }
export interface Line { key: string; cells: Record<string, ComponentChildren>; tone?: "bad" | "call" }

export function Grid({ caption, columns, lines, hide_caption = true }: { caption: string; columns: Column[]; lines: Line[]; hide_caption?: boolean }) {
  return (
    <div class="grid-frame" role="group" aria-label={caption} tabIndex={0}>
      <table class="grid" role="table">
        <caption class={hide_caption ? "unseen" : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">{columns.map((c) => <th key={c.key} role="columnheader" scope="col" aria-sort={c.sorted} class={c.kind && `of-${c.kind}`}>{c.kind === "act" ? <span class="unseen">{c.head}</span> : c.head}{c.sorted && <span class="sorted" aria-hidden="true">{c.sorted === "descending" ? " ↓" : " ↑"}</span>}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {lines.map((line) => (
            <tr key={line.key} role="row" class={line.tone && `line-${line.tone}`}>
              {columns.map((c, n) => (n === 0
                ? <th key={c.key} role="rowheader" scope="row"><div class="cell">{line.cells[c.key]}</div></th>
                : <td key={c.key} role="cell" data-head={c.head} class={c.kind && `of-${c.kind}`}><div class="cell">{line.cells[c.key] ?? "–"}</div></td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
