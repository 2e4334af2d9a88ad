// The technician's terminals as they are, live; and the same as lines of text for who cannot read a terminal.
// Loaded when first needed: xterm.js is the largest part of the page.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { bytes } from "../../shared/i18n";
import { Mirror, type MirrorScreen, type MirrorSocket } from "../../shared/mirror";
import { PlainText } from "../../shared/plain_text";
import { Store } from "../../shared/store";
import type { Glass } from "../../shared/terminal";
import { identity, part, socket_to } from "../api";
import type { Stream } from "../contract";
import { t } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";

interface Shown { streams: Stream[]; up: boolean; ever: boolean; ended: string | null; skipped: number; chosen: number | null; text_turn: number }

// Output that no glass shows yet; the agent sends no more than 64 KiB of it.
interface Held { mark: string; data: Uint8Array; painted: () => void }

// What the mirror paints on: one glass a stream, all fed, one seen.
class Screens implements MirrorScreen {
  readonly shown = new Store<Shown>({ streams: [], up: false, ever: false, ended: null, skipped: 0, chosen: null, text_turn: 0 });
  readonly texts = new Map<number, PlainText>();
  private readonly glasses = new Map<number, Glass>();
  private readonly decoders = new Map<number, TextDecoder>();
  private backlog = new Map<number, Held[]>();
  private turn_waits = false;

  restart(): void {
    for (const glass of this.glasses.values()) glass.reset();
    this.texts.clear();
    this.decoders.clear();
    this.backlog.clear();
    this.shown.set({ skipped: 0 });
  }
  connection(up: boolean): void {
    if (!up && this.shown.get().ever) announce(t("mirror_lost"), "assertive");
    this.shown.set({ up, ever: up || this.shown.get().ever });
  }
  stream(stream: Stream): void {
    const { streams, chosen } = this.shown.get();
    const next = [...streams.filter((s) => s.stream !== stream.stream), stream].sort((a, b) => a.stream - b.stream);
    const seen = next.find((s) => s.stream === chosen);
    const fresh = stream.open && (!seen || !seen.open) ? stream.stream : (chosen ?? stream.stream);
    this.shown.set({ streams: next, chosen: fresh });
    this.glasses.get(stream.stream)?.resize(stream.cols, stream.rows);
  }
  output(stream: number, data: Uint8Array, skipped: number, painted: () => void): void {
    if (skipped > 0) this.shown.set({ skipped: this.shown.get().skipped + skipped });
    this.read(stream, data);
    if (stream === 0) return this.to_everybody(data, painted);
    const mark = skipped > 0 ? `\r\n\x1b[7m ${t("skipped_mark", { size: bytes(skipped) })} \x1b[0m\r\n` : "";
    const glass = this.glasses.get(stream);
    if (glass) this.paint(glass, { mark, data, painted });
    else this.waiting(stream).push({ mark, data, painted });
  }
  ended(cause: string): void {
    this.shown.set({ ended: cause });
  }
  // A glass appeared for a stream: what came before it is painted now.
  attach(stream: number, glass: Glass): void {
    this.glasses.set(stream, glass);
    for (const held of this.backlog.get(stream) ?? []) this.paint(glass, held);
    this.backlog.delete(stream);
  }
  detach(stream: number): void {
    this.glasses.get(stream)?.close();
    this.glasses.delete(stream);
  }
  private paint(glass: Glass, { mark, data, painted }: Held): void {
    if (mark) glass.write(mark);
    glass.write(data, painted);
  }
  private waiting(stream: number): Held[] {
    const held = this.backlog.get(stream) ?? [];
    this.backlog.set(stream, held);
    return held;
  }
  private to_everybody(data: Uint8Array, painted: () => void): void {
    for (const glass of this.glasses.values()) glass.write(data);
    painted();
  }
  private read(stream: number, data: Uint8Array): void {
    const text = this.texts.get(stream) ?? new PlainText();
    const decoder = this.decoders.get(stream) ?? new TextDecoder();
    this.texts.set(stream, text);
    this.decoders.set(stream, decoder);
    text.write(decoder.decode(data, { stream: true }));
    if (this.turn_waits) return;
    this.turn_waits = true;  // a flood redraws the text a few times a second, not for every message
    setTimeout(() => ((this.turn_waits = false), this.shown.set({ text_turn: this.shown.get().text_turn + 1 })), 300);
  }
}

function TerminalPane({ stream, screens, seen, reader }: { stream: Stream; screens: Screens; seen: boolean; reader: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const glass = useRef<Glass | null>(null);
  useEffect(() => {
    let gone = false;
    void import("../../shared/terminal").then(({ Glass }) => {
      if (gone || !place.current) return;
      const leave = () => document.getElementById("after-terminal")?.focus();
      glass.current = new Glass(place.current, stream.cols || 80, stream.rows || 24, t("terminal_of", { name: stream.login }), leave);
      glass.current.screen_reader(reader);
      screens.attach(stream.stream, glass.current);
    });
    return () => ((gone = true), screens.detach(stream.stream));
  }, []);
  useEffect(() => glass.current?.screen_reader(reader), [reader]);
  return <div class="glass" hidden={!seen} ref={place} />;
}

function label_of(stream: Stream): string {
  return `${tool_name(stream.kind)} ${stream.stream} · ${stream.login}${stream.open ? "" : ` · ${t("stream_over")}`}`;
}

function TextLog({ screens, stream }: { screens: Screens; stream: number | null }) {
  const text = stream === null ? undefined : screens.texts.get(stream);
  const lines = [...(screens.texts.get(0)?.lines.slice(-3) ?? []), ...(text?.lines.slice(-200) ?? [])];
  return (
    <div class="text-log" role="log" aria-label={t("text_log")} tabIndex={0} lang="en">
      {lines.length || text?.open_line ? <>{lines.map((line, i) => <p key={i}>{line || "\u00a0"}</p>)}<p>{text?.open_line}</p></> : <p lang={document.documentElement.lang}>{t("mirror_nothing")}</p>}
    </div>
  );
}

export function MirrorView({ id, ended }: { id: string; ended?: (cause: string) => void }) {
  const [screens] = useState(() => new Screens());
  const [as_text, set_as_text] = useState(false);
  const shown = screens.shown.use();
  useEffect(() => {
    const mirror = new Mirror({
      connect: () => socket_to(`/api/sessions/${part(id)}/mirror`) as unknown as MirrorSocket,
      token: () => identity.get().token,
      visible: () => !document.hidden,
      after: (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
    }, screens);
    const changed = () => mirror.visibility_changed();
    document.addEventListener("visibilitychange", changed);
    return () => (document.removeEventListener("visibilitychange", changed), mirror.close());
  }, [id]);
  useEffect(() => void (shown.ended && ended?.(shown.ended)), [shown.ended]);
  const focus_tab = (event: KeyboardEvent, at: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const next = shown.streams[(at + step + shown.streams.length) % shown.streams.length]!;
    screens.shown.set({ chosen: next.stream });
    document.getElementById(`tab-${next.stream}`)?.focus();
  };
  const chosen = shown.streams.find((s) => s.stream === shown.chosen);
  return (
    <section class="mirror" aria-labelledby="mirror">
      <div class="row">
        <h2 id="mirror">{t("mirror_title")}</h2>
        {shown.skipped > 0 && <span class="tag tag-strong">{t("skipped_tag", { size: bytes(shown.skipped) })}</span>}
        <button type="button" class="button quiet" aria-pressed={as_text} onClick={() => set_as_text(!as_text)}>{t("as_text")}</button>
      </div>
      {!shown.up && !shown.ended && <p class="note" role="status">{t(shown.ever ? "mirror_lost" : "mirror_connecting")}</p>}
      {shown.ended && <p class="note" role="status">{t("mirror_ended", { cause: word_of(shown.ended) })}</p>}
      {shown.streams.length > 0 && (
        <div class="tabs" role="tablist" aria-label={t("mirror_tabs")}>
          {shown.streams.map((s, at) => (
            <button type="button" role="tab" key={s.stream} id={`tab-${s.stream}`} aria-controls="mirror-panel" aria-selected={s === chosen} tabIndex={s === chosen ? 0 : -1}
              class={s.open ? "tab" : "tab tab-over"} onKeyDown={(e) => focus_tab(e, at)} onClick={() => screens.shown.set({ chosen: s.stream })}>
              {label_of(s)}
            </button>
          ))}
        </div>
      )}
      <div id="mirror-panel" class="mirror-panel" role={chosen ? "tabpanel" : undefined} aria-labelledby={chosen ? `tab-${chosen.stream}` : undefined}>
        {!shown.streams.length && !as_text && <p class="mirror-empty">{t("mirror_empty")}</p>}
        <div class="glasses" hidden={as_text}>
          {shown.streams.map((s) => <TerminalPane key={s.stream} stream={s} screens={screens} seen={s === chosen} reader={as_text} />)}
        </div>
        {as_text && <TextLog screens={screens} stream={shown.chosen} />}
      </div>
      {shown.skipped > 0 && <p class="note" role="status">{t("skipped", { size: bytes(shown.skipped) })}</p>}
      <p class="small" id="after-terminal" tabIndex={-1}>{t("mirror_keys")}</p>
    </section>
  );
}
