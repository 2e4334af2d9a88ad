// Where a browser keeps its key: IndexedDB, which stores a CryptoKey without ever showing it. One for each login.
import { BrowserKey } from "./browser_key";

interface Kept { login: string; pair: CryptoKeyPair; comment: string; made_at: string }
const [database_name, table] = ["pontlevis-keys", "keys"];

function open(): Promise<IDBDatabase> {
  return answer(Object.assign(indexedDB.open(database_name, 1), {
    onupgradeneeded(this: IDBOpenDBRequest) {
      this.result.createObjectStore(table, { keyPath: "login" });
    },
  }));
}
function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error ?? new Error("IndexedDB"));
  });
}
async function with_table<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(table, mode);
    const written = new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onabort = transaction.onerror = () => failed(transaction.error ?? new Error("IndexedDB"));
    });
    const value = await answer(act(transaction.objectStore(table)));
    await written;
    return value;
  } finally {
    database.close();
  }
}
const key_of = ({ pair, comment, made_at }: Kept): Promise<BrowserKey> => BrowserKey.of(pair, comment, made_at);

export async function kept_key(login: string): Promise<BrowserKey | null> {
  const kept = (await with_table("readonly", (store) => store.get(login))) as Kept | undefined;
  return kept ? key_of(kept) : null;
}

// Refuses to replace a key: `add` fails when there is one.
export async function make_key(login: string, comment: string): Promise<BrowserKey> {
  const kept: Kept = { login, pair: await BrowserKey.make(), comment, made_at: new Date().toISOString() };
  await with_table("readwrite", (store) => store.add(kept));
  void navigator.storage?.persist?.().catch(() => false);  // a browser may clear what it may; ask it not to
  return key_of(kept);
}
export async function remove_key(login: string): Promise<void> {
  await with_table("readwrite", (store) => store.delete(login));
}
