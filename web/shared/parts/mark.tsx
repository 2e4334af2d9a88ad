// The drawbridge: a small mark for the header and a large picture of the state, drawn by hand as SVG.
export function Mark({ size = 40 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="48" height="48" rx="11" />
      <path class="mark-line" d="M9 39V15h3v-4h3v4h3v24M39 39V15h-3v-4h-3v4h-3v24" />
      <path class="mark-line mark-deck" d="M18 36 29 17" />
    </svg>
  );
}

const merlons = (x: number) => [0, 16, 32].map((dx) => <rect key={dx} x={x + dx} y="24" width="10" height="12" />);

// `down`: somebody may come in. The picture says with its title what it shows.
export function Drawbridge({ down, title }: { down: boolean; title: string }) {
  return (
    <svg class={`drawbridge ${down ? "is-down" : "is-up"}`} viewBox="0 0 360 200" role="img" aria-label={title}>
      <path class="db-water" d="M80 178q15-6 30 0t30 0 30 0 30 0v22H80z" />
      <g class="db-wall">
        <rect x="208" y="66" width="120" height="112" />
        <rect x="196" y="34" width="42" height="144" />
        <rect x="300" y="34" width="42" height="144" />
        {merlons(196)}
        {merlons(300)}
        <rect x="0" y="160" width="84" height="40" />
        <rect x="196" y="172" width="164" height="28" />
      </g>
      <path class="db-gate" d="M244 170v-42a25 25 0 0 1 50 0v42z" />
      <g class="db-windows">
        <rect x="213" y="62" width="8" height="20" rx="4" />
        <rect x="317" y="62" width="8" height="20" rx="4" />
      </g>
      {down ? (
        <g>
          <path class="db-chain" d="M200 78 92 158" />
          <path class="db-deck" d="M84 164h116" />
        </g>
      ) : (
        <g>
          <path class="db-chain" d="M200 60 176 66" />
          <path class="db-deck" d="M198 166 176 58" />
        </g>
      )}
    </svg>
  );
}
