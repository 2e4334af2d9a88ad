// Pause, resume, stop: one act each, on a real session or on the rehearsal's.
import { announce } from "../shared/parts/announce";
import { part, post } from "./api";
import { t } from "./messages/index";
import { news, refresh } from "./news";

export interface SessionActs {
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export const acts_of = (id: string): SessionActs => {
  const act = async (what: "pause" | "resume" | "stop") => {
    if (id === "rehearsal") await post("/api/rehearsal", { act: what });
    else {
      const done = await post<{ cut_ms?: number }>(`/api/sessions/${part(id)}/${what}`);
      if (what === "stop" && typeof done.cut_ms === "number") {
        news.set({ cuts: { ...news.get().cuts, [id]: done.cut_ms } });
        announce(t("said_cut_in", { ms: done.cut_ms }), "assertive");
      }
    }
    await refresh();
  };
  return { pause: () => act("pause"), resume: () => act("resume"), stop: () => act("stop") };
};
