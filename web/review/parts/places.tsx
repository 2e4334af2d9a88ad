// The places of one part of the page, behind one entry of the navigation.
import { t } from "../messages/index";
import { address } from "../route";

export function Places({ area, here, places }: { area: string; here: string; places: readonly (readonly [path: string, label: string])[] }) {
  return (
    <nav class="places no-print" aria-label={t("in_this_area")}>
      <ul>{places.map(([path, label]) => <li key={path}><a href={address(path ? [area, path] : [area])} aria-current={path === here ? "page" : undefined}>{label}</a></li>)}</ul>
    </nav>
  );
}
