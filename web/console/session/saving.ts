// Where a download goes: to a file the person chose, streamed; where the browser has no such thing, through its
// private file space (also streamed, and swept afterwards); else through memory, which is bounded. Never more
// than a few pieces in memory in the first two.
import type { Place } from "../../shared/ssh/index";

export interface Saving extends Place {
  readonly how: "chosen" | "private" | "memory";
  finish(): Promise<void>;
  drop(): Promise<void>;
}
export const most_in_memory = 256 * 1024 * 1024;
const folder_name = "pontlevis-downloads";
const keep_ms = 5 * 60_000;  // time for the browser to take its copy

interface Picker { showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle> }
type Sink = FileSystemWritableFileStream;

// A name of another machine, as a name for this one.
export function safe_name(name: string): string {
  const plain = name.replace(/[\u0000-\u001f\u007f"*/:<>?\\|\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "_").replace(/^[.\s]+|[.\s]+$/g, "");
  return plain.slice(0, 180) || "file";
}

// Null: the person chose no place. Asked at once after the click, or the browser would not show its dialog.
export async function place_for(name: string): Promise<Saving | null> {
  const suggestedName = safe_name(name);
  const picker = globalThis as unknown as Picker;
  if (picker.showSaveFilePicker) {
    try {
      return chosen(await (await picker.showSaveFilePicker({ suggestedName })).createWritable());
    } catch (problem) {
      if ((problem as DOMException).name === "AbortError") return null;
    }
  }
  return (await private_place(suggestedName).catch(() => null)) ?? memory_place(suggestedName);
}

function chosen(sink: Sink): Saving {
  return { how: "chosen", write: (bytes) => sink.write(bytes), finish: () => sink.close(), drop: () => sink.abort().catch(() => {}) };
}

async function private_folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(folder_name, { create: true });
}
async function private_place(name: string): Promise<Saving> {
  const folder = await private_folder();
  const key = crypto.randomUUID();
  const handle = await folder.getFileHandle(key, { create: true });
  const sink = await handle.createWritable();
  const remove = () => folder.removeEntry(key).catch(() => {});
  return {
    how: "private",
    write: (bytes) => sink.write(bytes),
    drop: async () => (await sink.abort().catch(() => {}), await remove()),
    finish: async () => {
      await sink.close();
      hand_over(await handle.getFile(), name);
      setTimeout(() => void remove(), keep_ms);
    },
  };
}
// What an earlier page left: nothing of a practice stays in the browser.
export async function sweep(): Promise<void> {
  try {
    await (await navigator.storage.getDirectory()).removeEntry(folder_name, { recursive: true });
  } catch {
    // nothing there, or no such space
  }
}

function memory_place(name: string): Saving {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  return {
    how: "memory",
    write: async (bytes) => {
      if ((size += bytes.length) > most_in_memory) throw new RangeError("too large for this browser");
      parts.push(bytes);
    },
    finish: async () => hand_over(new Blob(parts), name),
    drop: async () => void parts.splice(0),
  };
}

function hand_over(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), keep_ms);
}
