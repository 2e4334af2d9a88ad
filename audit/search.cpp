#include "audit/search.hpp"

#include "audit/local_time.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t all = 10'000'000;

std::string first_day(const Fiche& fiche) {
  return fiche.records.empty() ? std::string() : paris_time(text_of(fiche.records.front().second, "time"), false).substr(0, 10);
}

std::string first_text(const Fiche& fiche, std::string_view name) {
  for (const auto& [index, record] : fiche.records)
    if (auto text = text_of(record, name); !text.empty()) return text;
  return {};
}

// A system's number or what the practice calls it.
bool names_system(const Fiche& fiche, const std::string& wanted) {
  const auto* systems = fiche.merged.if_contains("systems");
  if (!systems || !systems->is_array()) return false;
  for (const auto& one : systems->get_array())
    if (one.is_object() && (text_of(one.get_object(), "id") == wanted || text_of(one.get_object(), "label") == wanted)) return true;
  return false;
}

}  // namespace

bool Search::fits(const Fiche& fiche) const {
  const auto day = first_day(fiche);
  if (!from.empty() && day < from) return false;
  if (!until.empty() && day > until) return false;
  if (!practice.empty() && first_text(fiche, "practice") != practice) return false;
  if (!state.empty() && fiche.state != state) return false;
  if (!system.empty() && !names_system(fiche, system)) return false;
  return text.empty() || fiche.id.starts_with(text) || first_text(fiche, "ticket_ref").starts_with(text);
}

Result<> check_search(const Search& search) {
  for (const auto& [name, day] : {std::pair("--from", &search.from), std::pair("--until", &search.until)})
    if (!day->empty() && !from_date(*day)) return fail(Errc::bad_input, "is not a day", name, "2026-01-31");
  return {};
}

Result<std::vector<Fiche>> find_fiches(Source& source, const Search& search, std::size_t limit) {
  PL_CHECK(check_search(search));
  PL_TRY(ids, source.interventions("", search.empty() ? limit : all));
  std::vector<Fiche> out;
  for (const auto& id : ids) {
    if (out.size() >= limit) break;
    PL_TRY(fiche, read_fiche(source, id));
    if (search.fits(fiche)) out.push_back(std::move(fiche));
  }
  return out;
}

}  // namespace pontlevis::audit
