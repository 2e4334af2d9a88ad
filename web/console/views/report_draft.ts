// The draft of a report: in this tab at once, on the gateway a moment after the last letter. Whatever of the two
// is away, the other holds it; what the gateway never took is what goes on.
import { useEffect, useRef, useState } from "preact/hooks";
import { get, put } from "../api";
import type { Intervention, ReportDraft } from "../contract";
import { keeper, type KeptReport, newer } from "../keep";
import { whole_draft } from "../reporting";
import { who } from "../who";

const settle_ms = 1200;
const retry_ms = 8000;
const shelf = (id: string): string => `report.${id}`;

export type Kept = { at: number | null; here_only: boolean };

export function useReportDraft(intervention: Intervention, login: string) {
  const path = `/interventions/${intervention.id}/draft`;
  const [draft, set_draft] = useState<ReportDraft | null>(null);
  const [kept, set_kept] = useState<Kept>({ at: null, here_only: false });
  const [told, set_told] = useState<unknown>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef<ReportDraft | null>(null);
  const sent = useRef<ReportDraft | null>(null);
  const signed_in = who.use().state === "in";

  const keep_here = (value: ReportDraft, taken: boolean) => keeper.write(login, shelf(intervention.id), { draft: value, sent: taken } satisfies KeptReport<ReportDraft>);
  const send = async () => {
    const value = latest.current;
    if (!value || value === sent.current) return;
    try {
      await put(path, { draft: value });
      sent.current = value;
      keep_here(latest.current!, latest.current === value);
      set_kept({ at: Date.now(), here_only: latest.current !== value });
    } catch {
      set_kept((old) => ({ ...old, here_only: true }));
      if (timer.current !== undefined) timer.current = setTimeout(() => void send(), retry_ms);
    }
  };
  const change = (part: Partial<ReportDraft>) => {
    const value = { ...(latest.current ?? whole_draft(null, intervention)), ...part };
    latest.current = value;
    set_draft(value);
    keep_here(value, false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void send(), settle_ms);
  };

  useEffect(() => {
    if (!signed_in || latest.current) return;
    const here = keeper.read<KeptReport<ReportDraft>>(login, shelf(intervention.id));
    get<{ draft: ReportDraft | null }>(path).then(({ draft: there }) => newer(here, there), () => here?.draft ?? null).then((found) => {
      if (latest.current) return;
      latest.current = whole_draft(found, intervention);
      sent.current = found && here && !here.sent ? null : latest.current;
      set_draft(latest.current);
    }).catch(set_told);
  }, [signed_in]);
  useEffect(() => void (signed_in && void send()), [signed_in]);
  useEffect(() => {
    const leaving = () => void send();
    addEventListener("pagehide", leaving);
    return () => {
      removeEventListener("pagehide", leaving);
      clearTimeout(timer.current);
      timer.current = undefined;
      void send();
    };
  }, []);
  const forget = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    latest.current = null;
    keeper.drop(login, shelf(intervention.id));
  };
  return { draft, change, kept, problem: told, forget };
}
