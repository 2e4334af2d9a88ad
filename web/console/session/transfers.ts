// The files of a session: one SFTP channel, two transfers at a time, each with a progress that is true: bytes
// that the practice acknowledged, or that are in the file here.
import { bytes as size_words } from "../../shared/i18n";
import { Store } from "../../shared/store";
import { announce } from "../../shared/parts/announce";
import { type Connection, download, FileError, open_subsystem, Sftp, Trouble, upload } from "../../shared/ssh/index";
import { type MessageKey, t } from "./messages";
import { most_in_memory, type Saving } from "./saving";
import { told } from "./troubles";

export type TransferState = "waiting" | "running" | "done" | "cancelled" | "exists" | "failed";
export interface Transfer {
  readonly n: number;
  readonly name: string;
  readonly way: "in" | "out";
  readonly through: Saving["how"] | null;
  state: TransferState;
  done: number;
  of: number;
  began: number;
  why: string;
  readonly stop: AbortController;
  readonly run: (transfer: Transfer, sftp: Sftp) => Promise<void>;
}

const most_running = 2;
const redraw_ms = 200;

export function file_words(problem: unknown): string {
  if (problem instanceof FileError) {
    const words = t(`f_${problem.why}` as MessageKey);
    return problem.detail && problem.why !== "not_found" ? `${words} (${problem.detail})` : words;
  }
  if (problem instanceof Trouble) return [told(problem).title, problem.detail].filter(Boolean).join(" ");
  if (problem instanceof RangeError) return t("transfer_too_large", { most: size_words(most_in_memory) });
  return t("f_here", { why: problem instanceof Error ? problem.message : String(problem) });
}

export class Transfers {
  readonly shown = new Store<{ list: readonly Transfer[] }>({ list: [] });
  changed: () => void = () => {};  // something at the practice did
  private connection: Connection | null = null;
  private channel: Promise<Sftp> | null = null;
  private count = 0;
  private draw_waits = false;

  use(connection: Connection | null): void {
    this.connection = connection;
    this.channel = null;
  }
  get running(): boolean {
    return this.shown.get().list.some((one) => one.state === "running" || one.state === "waiting");
  }
  // One channel for all; a new one when it has ended.
  async sftp(): Promise<Sftp> {
    const { connection } = this;
    if (!connection) throw new Trouble("ended");
    const old = await this.channel?.catch(() => null);
    if (old && !old.is_over) return old;
    this.channel ??= open_subsystem(connection, "sftp").then((channel) => Sftp.start(channel));
    const mine = this.channel;
    try {
      const sftp = await mine;
      void sftp.ended.then(() => this.channel === mine && (this.channel = null));
      return sftp;
    } catch (problem) {
      if (this.channel === mine) this.channel = null;
      throw problem;
    }
  }

  bring(file: File, folder: string, replace = false): void {
    const path = join_path(folder, file.name);
    this.add({ name: file.name, way: "in", of: file.size, through: null, run: async (transfer, sftp) => {
      try {
        await upload(sftp, file, path, replace, this.watcher(transfer));
      } catch (problem) {
        if (replace || !(problem instanceof FileError) || transfer.done > 0 || !(await is_there(sftp, path))) throw problem;
        this.set(transfer, "exists");
        replacements.set(transfer, () => this.bring(file, folder, true));
      }
    } });
  }
  take(name: string, path: string, size: number, saving: Saving): void {
    this.add({ name, way: "out", of: size, through: saving.how, run: async (transfer, sftp) => {
      try {
        await download(sftp, path, size, saving, this.watcher(transfer));
        await saving.finish();
      } catch (problem) {
        await saving.drop();
        throw problem;
      }
    } });
  }
  replace(transfer: Transfer): void {
    this.forget(transfer);
    replacements.get(transfer)?.();
  }
  cancel(transfer: Transfer): void {
    transfer.stop.abort();
    if (transfer.state === "waiting") this.set(transfer, "cancelled");
  }
  forget(transfer: Transfer): void {
    this.shown.set({ list: this.shown.get().list.filter((one) => one !== transfer) });
  }

  private add(what: Pick<Transfer, "name" | "way" | "of" | "through" | "run">): void {
    const transfer: Transfer = { ...what, n: ++this.count, state: "waiting", done: 0, began: 0, why: "", stop: new AbortController() };
    this.shown.set({ list: [transfer, ...this.shown.get().list].slice(0, 200) });
    this.start_more();
  }
  private start_more(): void {
    const { list } = this.shown.get();
    const running = list.filter((one) => one.state === "running").length;
    for (const next of list.filter((one) => one.state === "waiting").reverse().slice(0, most_running - running)) void this.run(next);
  }
  private async run(transfer: Transfer): Promise<void> {
    transfer.began = performance.now();
    this.set(transfer, "running");
    try {
      await transfer.run(transfer, await this.sftp());
      if (transfer.state === "running") this.set(transfer, "done");
    } catch (problem) {
      transfer.why = file_words(problem);
      this.set(transfer, transfer.stop.signal.aborted ? "cancelled" : "failed");
    }
    if (transfer.way === "in") this.changed();
    this.start_more();
  }
  private set(transfer: Transfer, state: TransferState): void {
    transfer.state = state;
    if (state === "done") announce(`${transfer.name} : ${t("transfer_done", { size: size_words(transfer.done) })}`);
    if (state === "failed") announce(`${transfer.name} : ${t("transfer_failed", { why: transfer.why })}`, "assertive");
    this.shown.set({ list: [...this.shown.get().list] });
  }
  private watcher(transfer: Transfer) {
    return { signal: transfer.stop.signal, progress: (done: number, of: number) => ((transfer.done = done), (transfer.of = of), this.draw_soon()) };
  }
  private draw_soon(): void {
    if (this.draw_waits) return;
    this.draw_waits = true;
    setTimeout(() => ((this.draw_waits = false), this.shown.set({ list: [...this.shown.get().list] })), redraw_ms);
  }
}

const replacements = new WeakMap<Transfer, () => void>();
const is_there = (sftp: Sftp, path: string): Promise<boolean> => sftp.stat(path).then(() => true, () => false);
export const join_path = (folder: string, name: string): string => (folder.endsWith("/") ? folder + name : `${folder}/${name}`);
export const parent_of = (path: string): string => path.replace(/\/+$/, "").replace(/\/[^/]*$/, "") || "/";
