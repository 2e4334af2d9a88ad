// A view that fails does not take the page with it: what stands outside it, such as Stop, stays.
import { Component, type ComponentChildren } from "preact";

export interface GuardWords { broken: string; broken_text: string; reload: string }

// `words` is asked when it is shown: the language may have changed since. `caught` hears why, where somebody listens.
export class Guard extends Component<{ children: ComponentChildren; words: () => GuardWords; caught?: (problem: unknown) => void }, { failed: boolean }> {
  override state = { failed: false };
  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidCatch(problem: unknown): void {
    this.props.caught?.(problem);
  }
  // The next state may be one that can be shown.
  override componentDidUpdate(before: { children: ComponentChildren }): void {
    if (this.state.failed && before.children !== this.props.children) this.setState({ failed: false });
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    const words = this.props.words();
    return (
      <section class="card" aria-labelledby="broken">
        <h1 id="broken">{words.broken}</h1>
        <p>{words.broken_text}</p>
        <button type="button" class="button main" onClick={() => location.reload()}>{words.reload}</button>
      </section>
    );
  }
}
