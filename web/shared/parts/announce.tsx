// What changed, said once to people who do not see it: a polite and an assertive live region. RGAA 7.5.
import { useEffect, useState } from "preact/hooks";

type Voice = "polite" | "assertive";
let speak: ((text: string, voice: Voice) => void) | null = null;
export const announce = (text: string, voice: Voice = "polite"): void => speak?.(text, voice);

export function Announcer() {
  const [said, set_said] = useState<Record<Voice, string[]>>({ polite: [], assertive: [] });
  useEffect(() => {
    speak = (text, voice) => set_said((old) => ({ ...old, [voice]: [...old[voice].slice(-2), text] }));
    return () => void (speak = null);
  }, []);
  return (
    <div class="unseen">
      <div role="status" aria-live="polite">{said.polite.map((t, i) => <p key={`${i}${t}`}>{t}</p>)}</div>
      <div role="alert" aria-live="assertive">{said.assertive.map((t, i) => <p key={`${i}${t}`}>{t}</p>)}</div>
    </div>
  );
}
