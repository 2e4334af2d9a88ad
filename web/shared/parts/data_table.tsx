// The table behind a picture, and tables in general: a caption, header cells, a frame that scrolls by keyboard.
import type { ComponentChildren } from "preact";

export interface TableProps {
  caption: string;
  head: string[];
  rows: ComponentChildren[][];
  hide_caption?: boolean;
}

export function DataTable({ caption, head, rows, hide_caption }: TableProps) {
  return (
    <div class="table-frame" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={hide_caption ? "unseen" : undefined}>{caption}</caption>
        <thead>
          <tr>{head.map((h) => <th key={h} scope="col">{h}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j}>{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BehindFigure({ label, ...table }: TableProps & { label: string }) {
  return (
    <details class="behind">
      <summary>{label}</summary>
      <DataTable {...table} />
    </details>
  );
}
