// The practice's files: a folder of theirs on one side, transfers on the other. What the consent does not name is
// not offered; the agent refuses it anyway.
import { useEffect, useRef, useState } from "preact/hooks";
import { bytes as size_words, short_date_time } from "../../shared/i18n";
import { type Entry, harmless, is_file, is_folder } from "../../shared/ssh/index";
import { t } from "./messages";
import { place_for } from "./saving";
import { TransferList } from "./transfer_list";
import { file_words, join_path, parent_of, type Transfers } from "./transfers";

const most_shown = 1000;
export interface FileRights { put: boolean; get: boolean }
interface Folder { path: string; entries: Entry[]; more: boolean }

const by_kind_and_name = (a: Entry, b: Entry) => Number(is_folder(b.attributes)) - Number(is_folder(a.attributes)) || a.name.localeCompare(b.name);
const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

async function read_folder(transfers: Transfers, asked: string | null): Promise<Folder> {
  const sftp = await transfers.sftp();
  const path = await sftp.real_path(asked ?? ".");
  const entries = (await sftp.list(path)).sort(by_kind_and_name);
  return { path, entries: entries.slice(0, most_shown), more: entries.length > most_shown };
}

function useFolder(transfers: Transfers) {
  const [folder, set_folder] = useState<Folder | null>(null);
  const [problem, set_problem] = useState<string | null>(null);
  const [busy, set_busy] = useState(true);
  const go = async (path: string | null) => {
    set_busy(true);
    await read_folder(transfers, path).then((found) => (set_folder(found), set_problem(null)), (why) => set_problem(file_words(why)));
    set_busy(false);
  };
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
      set_problem(null);
    } catch (why) {
      set_problem(file_words(why));
    }
    await go(folder?.path ?? null);
  };
  return { folder, problem, busy, go, act };
}

// One name to type, for a new folder or a new name.
function NameForm({ label, first, done, away }: { label: string; first: string; done: (name: string) => void; away: () => void }) {
  const [name, set_name] = useState(first);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const good = name.trim() !== "" && !name.includes("/");
  return (
    <form class="name-form" onSubmit={(e) => (e.preventDefault(), good && done(name))}>
      <label>{label}<input ref={field} value={name} maxLength={200} onInput={(e) => set_name(e.currentTarget.value)} /></label>
      <button class="button main" disabled={!good}>{t("files_yes")}</button>
      <button type="button" class="button quiet" onClick={away}>{t("cancel")}</button>
    </form>
  );
}

interface RowActs { open(): void; get: (() => void) | null; rename: ((name: string) => void) | null; remove: (() => void) | null }

function Row({ entry, acts }: { entry: Entry; acts: RowActs }) {
  const [asks, set_asks] = useState<"rename" | "remove" | null>(null);
  const name = harmless(entry.name, 200);
  const folder = is_folder(entry.attributes);
  return (
    <tr>
      <th scope="row">{folder ? <button type="button" class="button plain folder" onClick={acts.open}><span class="unseen">{t("files_open", { name: "" })}</span>{name}</button> : name}</th>
      <td class="number">{folder || entry.attributes.size === null ? "" : size_words(entry.attributes.size)}</td>
      <td>{short_date_time(iso(entry.attributes.modified))}</td>
      <td class="row-acts">
        {acts.get && is_file(entry.attributes) && <button type="button" class="button quiet" onClick={acts.get} aria-label={t("files_get_name", { name })}>{t("files_get")}</button>}
        {acts.rename && <button type="button" class="button plain" onClick={() => set_asks("rename")} aria-label={t("files_rename_name", { name })}>{t("files_rename")}</button>}
        {acts.remove && <button type="button" class="button plain" onClick={() => set_asks("remove")} aria-label={t("files_remove_name", { name })}>{t("files_remove")}</button>}
        {asks === "rename" && <NameForm label={t("files_new_name")} first={entry.name} away={() => set_asks(null)} done={(next) => (set_asks(null), acts.rename?.(next))} />}
        {asks === "remove" && (
          <div class="name-form" role="group" aria-label={t("files_remove_name", { name })}>
            <p>{t("files_remove_sure", { name })}</p>
            <button type="button" class="button stop" onClick={() => (set_asks(null), acts.remove?.())}>{t("files_yes")}</button>
            <button type="button" class="button quiet" onClick={() => set_asks(null)}>{t("cancel")}</button>
          </div>
        )}
      </td>
    </tr>
  );
}

function PathForm({ path, busy, go }: { path: string; busy: boolean; go: (path: string) => void }) {
  const [typed, set_typed] = useState(path);
  useEffect(() => set_typed(path), [path]);
  return (
    <form class="path-form" onSubmit={(e) => (e.preventDefault(), go(typed))}>
      <label>{t("files_folder")}<input class="mono" value={typed} spellcheck={false} autocomplete="off" onInput={(e) => set_typed(e.currentTarget.value)} /></label>
      <div class="actions">
        <button class="button quiet" disabled={busy}>{t(typed === path ? "files_again" : "files_go")}</button>
        <button type="button" class="button quiet" disabled={busy || path === "/"} onClick={() => go(parent_of(path))}>{t("files_up")}</button>
      </div>
    </form>
  );
}

function PutButton({ put }: { put: (files: Iterable<File>) => void }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input type="file" multiple hidden ref={field} onChange={(e) => (put([...(e.currentTarget.files ?? [])]), (e.currentTarget.value = ""))} />
      <button type="button" class="button main" onClick={() => field.current?.click()}>{t("files_put")}</button>
    </>
  );
}

export function FilesView({ transfers, rights }: { transfers: Transfers; rights: FileRights }) {
  const { folder, problem, busy, go, act } = useFolder(transfers);
  const [over, set_over] = useState(false);
  const [making, set_making] = useState(false);
  useEffect(() => void go(null), [transfers]);
  useEffect(() => {
    transfers.changed = () => folder && void go(folder.path);
  }, [folder?.path]);
  const put = (files: Iterable<File>) => {
    if (rights.put && folder) for (const file of files) transfers.bring(file, folder.path);
  };
  const get = async (entry: Entry, path: string) => {
    const saving = await place_for(entry.name);
    if (saving) transfers.take(entry.name, path, entry.attributes.size ?? 0, saving);
  };
  const acts_of = (entry: Entry): RowActs => {
    const path = join_path(folder!.path, entry.name);
    return {
      open: () => void go(path),
      get: rights.get ? () => void get(entry, path) : null,
      rename: rights.put ? (name) => void act(async () => (await transfers.sftp()).rename(path, join_path(folder!.path, name))) : null,
      remove: rights.put ? () => void act(async () => (await transfers.sftp()).remove(path, is_folder(entry.attributes))) : null,
    };
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    set_over(false);
    put([...(event.dataTransfer?.files ?? [])]);
  };
  if (!folder) return problem ? <div class="note note-bad" role="alert"><p>{problem}</p><button type="button" class="button quiet" onClick={() => void go(null)}>{t("files_again")}</button></div> : <p class="loading" role="status">{t("files_starts")}</p>;
  return (
    <div class="files">
      <section class={`practice-files ${over ? "is-over" : ""}`} aria-label={t("files_folder")} aria-busy={busy}
        onDragOver={(e) => rights.put && (e.preventDefault(), set_over(true))} onDragLeave={() => set_over(false)} onDrop={drop}>
        <PathForm path={folder.path} busy={busy} go={(path) => void go(path)} />
        {problem && <p class="note note-bad" role="alert">{problem}</p>}
        {rights.put && (
          <div class="actions">
            <PutButton put={put} />
            <button type="button" class="button quiet" aria-expanded={making} onClick={() => set_making(!making)}>{t("files_make")}</button>
          </div>
        )}
        {making && <NameForm label={t("files_make_name")} first="" away={() => set_making(false)} done={(name) => (set_making(false), void act(async () => (await transfers.sftp()).make_folder(join_path(folder.path, name))))} />}
        <p class="small">{t(rights.put ? "files_drop" : "files_no_put")} {!rights.get && t("files_no_get")}</p>
        <div class="table-frame" tabIndex={0} role="group" aria-label={folder.path}>
          <table>
            <thead><tr><th scope="col">{t("files_name")}</th><th scope="col" class="number">{t("files_size")}</th><th scope="col">{t("files_time")}</th><th scope="col">{t("files_acts")}</th></tr></thead>
            <tbody>{folder.entries.map((entry) => <Row key={entry.name} entry={entry} acts={acts_of(entry)} />)}</tbody>
          </table>
        </div>
        {!folder.entries.length && <p class="muted">{t("files_empty")}</p>}
        {folder.more && <p class="small">{t("files_more", { n: most_shown })}</p>}
      </section>
      <TransferList transfers={transfers} />
    </div>
  );
}
