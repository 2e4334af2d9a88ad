// Time that is left, as a ring that empties and a number in it. role="timer": read when asked, never shouted.
import { clock, share_left, warning } from "../countdown";

const radius = 44;
const around = 2 * Math.PI * radius;

export function Ring({ seconds, total, label, small = false }: { seconds: number; total: number; label: string; small?: boolean }) {
  const rest = share_left(seconds, total) * around;
  return (
    <div class={`ring ring-${warning(seconds)} ${small ? "ring-small" : ""}`} role="timer" aria-label={`${label} ${clock(seconds)}`}>
      <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
        <circle class="ring-track" cx="50" cy="50" r={radius} />
        <circle class="ring-rest" cx="50" cy="50" r={radius} stroke-dasharray={`${rest} ${around}`} transform="rotate(-90 50 50)" />
        <text class="ring-text" x="50" y="50" text-anchor="middle" dominant-baseline="central">{clock(seconds)}</text>
      </svg>
    </div>
  );
}
