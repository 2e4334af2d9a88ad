// Small words that stand in many views: states, links, rows of pairs.
import type { ComponentChildren } from "preact";
import type { Intervention, State } from "../contract";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";

export const live_states: readonly State[] = ["REQUESTED", "APPROVED", "OPEN", "PAUSED"];
export const is_live = (i: Intervention): boolean => live_states.includes(i.state);

export const StateTag = ({ state }: { state: State }) => <span class={`tag tag-${state.toLowerCase()} ${state === "ENDED" ? "tag-strong" : ""}`}>{word_of(state)}</span>;
export const LinkTag = ({ link }: { link: "UP" | "DOWN" }) => <span class={`tag link-${link.toLowerCase()}`}><span class="dot" aria-hidden="true" />{t(`pr_link_${link}`)}</span>;

// Pairs of a name and a value; an empty value says so with a dash.
export function Pairs({ rows }: { rows: (readonly [string, ComponentChildren] | null)[] }) {
  return (
    <dl class="pairs">
      {rows.map((row) => row && <div key={row[0]}><dt>{row[0]}</dt><dd>{row[1] === null || row[1] === undefined || row[1] === "" ? "–" : row[1]}</dd></div>)}
    </dl>
  );
}
