// An intervention from request to end as one picture: spans (time granted, connections, pauses) on lanes,
// moments as marks on an axis. The table behind it holds the same.
import { clock_time_exact } from "../i18n";

export interface Moment {
  at: string;
  label: string;
  tone: "plain" | "good" | "bad";
}
export interface Span {
  from: string;
  until: string;
  label: string;
  lane: number;
  tone: "window" | "person" | "pause";
}

const [width, left, right, lane_height] = [720, 12, 708, 30];

export function Timeline({ title, moments, spans }: { title: string; moments: Moment[]; spans: Span[] }) {
  const times = [...moments.map((m) => Date.parse(m.at)), ...spans.flatMap((s) => [Date.parse(s.from), Date.parse(s.until)])].filter(Number.isFinite);
  if (!times.length) return null;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (time: string) => left + ((Date.parse(time) - first) / Math.max(1, last - first)) * (right - left);
  const lanes = Math.max(0, ...spans.map((s) => s.lane + 1));
  const axis = 18 + lanes * lane_height + 8;
  return (
    <svg class="timeline" viewBox={`0 0 ${width} ${axis + 34}`} role="img" aria-label={title}>
      {spans.map((s, i) => {
        const [from, wide] = [x(s.from), Math.max(3, x(s.until) - x(s.from))];
        const fits = wide > s.label.length * 7.5 + 12;
        const at_end = from + wide + s.label.length * 7.5 > right;
        return (
          <g key={i}>
            <rect class={`span span-${s.tone}`} x={from} y={18 + s.lane * lane_height} width={wide} height={lane_height - 8} rx="5" />
            {(fits || !at_end) && (
              <text class={fits ? `span-label span-label-${s.tone}` : "span-label"} x={fits ? from + 8 : from + wide + 6} y={18 + s.lane * lane_height + 15}>{s.label}</text>
            )}
          </g>
        );
      })}
      <line class="axis" x1={left} x2={right} y1={axis} y2={axis} />
      {moments.map((m, i) => <circle key={i} class={`moment moment-${m.tone}`} cx={x(m.at)} cy={axis} r="6"><title>{m.label}</title></circle>)}
      <text class="axis-label" x={left} y={axis + 26}>{clock_time_exact(new Date(first).toISOString())}</text>
      <text class="axis-label" x={right} y={axis + 26} text-anchor="end">{clock_time_exact(new Date(last).toISOString())}</text>
    </svg>
  );
}
