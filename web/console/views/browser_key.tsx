// This browser's own key (../keys): its panel is a part of its own, fetched when the card is looked at.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Card } from "../contract";
import { Problem } from "../hooks";
import { t } from "../messages/index";
import { who } from "../who";

export interface KeyPanelProps { card: Card | null; login: string }

export function BrowserKey({ card }: { card: Card | null }) {
  const [Panel, set_panel] = useState<ComponentType<KeyPanelProps> | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  useEffect(() => {
    import("../keys/panel").then((part) => set_panel(() => part.KeyPanel as ComponentType<KeyPanelProps>), set_problem);
  }, []);
  return (
    <section class="card" aria-labelledby="browser-key">
      <h2 id="browser-key">{t("cd_browser")}</h2>
      {problem ? <Problem problem={problem} /> : Panel ? <Panel card={card} login={who.get().me?.login ?? ""} /> : <p class="loading" role="status">{t("loading")}</p>}
    </section>
  );
}
