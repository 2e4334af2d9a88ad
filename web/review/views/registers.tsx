// The registers: processing (Article 30), requests of persons, breaches.
import type { ComponentChildren } from "preact";
import { t } from "../messages/index";
import { Places } from "../parts/places";
import type { Route } from "../route";
import { BreachView } from "./breach";
import { BreachesView } from "./breaches";
import { ProcessingEntryView, ProcessingView } from "./processing";
import { RightsView } from "./rights";
import { RightsRequestView } from "./rights_request";

const places = () => [["processing", t("rg_processing")], ["rights", t("rg_rights")], ["breaches", t("rg_breaches")]] as const;

function view_of(where: string, id: string | undefined, route: Route): ComponentChildren {
  if (where === "rights") return id ? <RightsRequestView key={id} id={id} /> : <RightsView route={route} />;
  if (where === "breaches") return id ? <BreachView key={id} id={id} /> : <BreachesView route={route} />;
  return id ? <ProcessingEntryView key={`${id}/${route.query}`} id={id} version={route.query.get("version")} /> : <ProcessingView />;
}

export function RegistersView({ route }: { route: Route }) {
  const [, where = "processing", id] = route.parts;
  return <><Places area="registers" here={where} places={places()} />{view_of(where, id, route)}</>;
}
