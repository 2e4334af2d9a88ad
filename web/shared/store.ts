// A value that views listen to.
import { useEffect, useState } from "preact/hooks";

export class Store<T extends object> {
  private listeners = new Set<() => void>();
  constructor(private value: T) {}
  get(): T {
    return this.value;
  }
  set(change: Partial<T>): void {
    this.value = { ...this.value, ...change };
    for (const tell of [...this.listeners]) tell();
  }
  listen(tell: () => void): () => void {
    this.listeners.add(tell);
    return () => void this.listeners.delete(tell);
  }
  use(): T {
    const [, again] = useState(0);
    useEffect(() => this.listen(() => again((n) => n + 1)), []);
    return this.value;
  }
}
