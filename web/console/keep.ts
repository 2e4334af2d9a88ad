// Half-written forms, kept in this tab for the person who writes them: a reload, a lost session or a gateway
// that restarts takes nothing away. Never a password, a code or a key.
const prefix = "pontlevis.console.draft.";

export interface Shelf { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }

export class Keeper {
  constructor(private readonly shelf: () => Shelf = () => sessionStorage) {}
  read<T>(login: string, what: string): T | null {
    try {
      const text = this.shelf().getItem(prefix + login + "." + what);
      return text ? (JSON.parse(text) as T) : null;
    } catch {
      return null;  // nothing kept, or nothing that can be read
    }
  }
  write(login: string, what: string, value: unknown): void {
    try {
      this.shelf().setItem(prefix + login + "." + what, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing: the page itself still holds it
    }
  }
  drop(login: string, what: string): void {
    try {
      this.shelf().removeItem(prefix + login + "." + what);
    } catch {
      // nothing was kept
    }
  }
}
export const keeper = new Keeper();

// Which of two copies of a report goes on: the tab's, when the gateway never took it; else the gateway's.
export interface KeptReport<T> { draft: T; sent: boolean }
export const newer = <T>(here: KeptReport<T> | null, there: T | null): T | null => (here && !here.sent ? here.draft : (there ?? here?.draft ?? null));
