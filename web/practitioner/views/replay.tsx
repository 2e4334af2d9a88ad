// A recording played back: play, pause, seek, speed. Opening it is itself written down by the agent.
import { useEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../shared/countdown";
import { Player, read_cast, without_idle } from "../../shared/asciicast";
import type { Glass } from "../../shared/terminal";
import { get, part, post } from "../api";
import type { Cast, Intervention } from "../contract";
import { FocusHeading, Problem, useAct } from "../hooks";
import { t, tn } from "../messages/index";
import { tool_name } from "../messages/codes";

function readable(cast: Cast): boolean {
  try {
    return read_cast(cast.cast).width > 0;
  } catch {
    return false;
  }
}

function useTape(cast: Cast, place: { current: HTMLDivElement | null }) {
  const player = useRef<Player | null>(null);
  const [position, set_position] = useState(0);
  const [tape] = useState(() => without_idle(read_cast(cast.cast), 2));
  useEffect(() => {
    let gone = false;
    let glass: Glass | null = null;
    void import("../../shared/terminal").then(({ Glass }) => {
      if (gone || !place.current) return;
      glass = new Glass(place.current, tape.width, tape.height, t("terminal_of", { name: cast.login }), () => document.getElementById("replay-play")?.focus());
      const screen = { reset: (c: number, r: number) => (glass!.reset(), glass!.resize(c, r)), write: (s: string) => glass!.write(s), resize: (c: number, r: number) => glass!.resize(c, r) };
      player.current = new Player(tape, screen);
    });
    return () => ((gone = true), (player.current = null), glass?.close());
  }, [cast]);
  const seek = (to: number) => (player.current?.seek(to), set_position(player.current?.position ?? 0));
  const step = (by: number) => (player.current?.step(by), set_position(player.current?.position ?? 0));
  return { tape, position, seek, step, over: position >= tape.seconds };
}

function ReplayTape({ cast }: { cast: Cast }) {
  const place = useRef<HTMLDivElement>(null);
  const { tape, position, seek, step, over } = useTape(cast, place);
  const [playing, set_playing] = useState(false);
  const [speed, set_speed] = useState(1);
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      step(((now - last) / 1000) * speed);
      last = now;
    }, 50);
    return () => clearInterval(timer);
  }, [playing, speed]);
  useEffect(() => void (over && set_playing(false)), [over]);
  const play = () => {
    if (over) seek(0);
    set_playing(!playing);
  };
  return (
    <div class="replay">
      <div class="mirror-panel"><div class="glass" ref={place} /></div>
      <div class="replay-controls">
        <button type="button" id="replay-play" class="button main" onClick={play}>{t(playing ? "replay_pause" : "replay_play")}</button>
        <label class="replay-seek"><span class="unseen">{t("replay_position")}</span>
          <input type="range" min={0} max={Math.ceil(tape.seconds)} step={1} value={Math.round(position)} aria-valuetext={clock(Math.round(position))} onInput={(e) => seek(Number(e.currentTarget.value))} />
        </label>
        <span class="replay-time">{clock(over ? Math.ceil(tape.seconds) : Math.floor(position))} / {clock(Math.ceil(tape.seconds))}</span>
        <label>{t("replay_speed")}{" "}
          <select value={speed} onChange={(e) => set_speed(Number(e.currentTarget.value))}>{[1, 2, 4, 8].map((s) => <option key={s} value={s}>× {s}</option>)}</select>
        </label>
      </div>
      <p class="small">{t("replay_idle")} {t("mirror_keys")}</p>
    </div>
  );
}

function Delete({ id, gone }: { id: string; gone: () => void }) {
  const [asked, set_asked] = useState(false);
  const act = useAct();
  if (!asked) return <button type="button" class="button quiet" onClick={() => set_asked(true)}>{t("recording_delete")}</button>;
  return (
    <div class="note">
      <FocusHeading level={3}>{t("recording_delete_title")}</FocusHeading>
      <p>{t("recording_delete_text")}</p>
      <Problem problem={act.problem} />
      <div class="pair-buttons">
        <button type="button" class="button choice" disabled={act.busy} onClick={() => void act.run(async () => (await post(`/api/interventions/${part(id)}/recording/delete`), gone()))}>{t("recording_delete_yes")}</button>
        <button type="button" class="button choice" onClick={() => set_asked(false)}>{t("back")}</button>
      </div>
    </div>
  );
}

export function Recording({ intervention, changed, may_delete }: { intervention: Intervention; changed: () => void; may_delete: boolean }) {
  const [casts, set_casts] = useState<Cast[] | null>(null);
  const [chosen, set_chosen] = useState(0);
  const act = useAct();
  const { recording, line } = intervention;
  if (!recording) return null;
  const open = () => act.run(async () => set_casts((await get<{ casts: Cast[] }>(`/api/interventions/${part(line.intervention)}/recording`)).casts));
  return (
    <section class="card no-print" aria-labelledby="recording">
      <h2 id="recording">{t("recording")}</h2>
      <p>{t("recording_text", { length: clock(Math.round(recording.seconds)) })} {tn("recording_days", recording.days_left)}</p>
      <Problem problem={act.problem} />
      {casts ? (
        <>
          {casts.length > 1 && <div class="segments">{casts.map((c, i) => <button type="button" class="segment" key={c.stream} aria-pressed={i === chosen} onClick={() => set_chosen(i)}>{tool_name(c.kind)} {c.stream} · {c.login}</button>)}</div>}
          {!casts[chosen] ? <p class="muted">{t("recording_empty")}</p>
            : readable(casts[chosen]) ? <ReplayTape key={chosen} cast={casts[chosen]} /> : <p class="note note-bad" role="alert">{t("recording_unreadable")}</p>}
        </>
      ) : <button type="button" class="button main" disabled={act.busy} onClick={() => void open()}>{t("recording_open")}</button>}{" "}
      {may_delete && <Delete id={line.intervention} gone={changed} />}
    </section>
  );
}
