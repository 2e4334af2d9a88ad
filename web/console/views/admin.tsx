// Administration: five places behind one entry of the navigation; fetched when first needed.
import { t } from "../messages/index";
import { AdminAccounts } from "./admin_accounts";
import { AdminPractices } from "./admin_practice";
import { AdminSettings } from "./admin_settings";
import { AdminSubprocessors } from "./admin_subprocessors";
import { AdminTechnicians } from "./admin_technicians";

const places = { practices: AdminPractices, technicians: AdminTechnicians, accounts: AdminAccounts, subprocessors: AdminSubprocessors, settings: AdminSettings } as const;
type Place = keyof typeof places;
const names = Object.keys(places) as Place[];

export function AdminView({ place }: { place: string | undefined }) {
  const here: Place = names.find((name) => name === place) ?? "practices";
  const View = places[here];
  return (
    <>
      <nav class="places no-print" aria-label={t("ad_nav")}><ul>{names.map((name) => <li key={name}><a href={`#/admin/${name}`} aria-current={name === here ? "page" : undefined}>{t(`ad_${name}`)}</a></li>)}</ul></nav>
      <View />
    </>
  );
}
