#include "gateway/report_drafts.hpp"

#include "gateway/store.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;
constexpr std::size_t max_draft = 32 * 1024;

// A word of the list, or nothing for the empty one.
template <class Word>
std::optional<Word> word_or_none(StrictObject& in, std::string_view name) {
  const auto text = in.text(name, 0, 20);
  if (text.empty()) return std::nullopt;
  const auto& words = Spelling<Word>::words;
  const auto at = std::find(words.begin(), words.end(), text);
  if (at != words.end()) return static_cast<Word>(at - words.begin());
  in.blame(name, "'" + printable(text, 20) + "' is no word of it");
  return std::nullopt;
}

std::vector<AdditionalStaff> staff_in(StrictObject& in) {
  std::vector<AdditionalStaff> out;
  for (const auto& value : in.array("consulted", 0, 8)) {
    StrictObject person(value, "consulted");
    out.push_back({person.text("name", 0, 200), person.text("qualification", 0, 200)});
    if (auto read = person.finish(); !read) in.blame("consulted", read.error().what, read.error().hint);
  }
  return out;
}

}  // namespace

Result<DraftReport> draft_report(const json::object& body, const InterventionId& id, const Login& author, Time at) {
  StrictObject in(body, "report");
  DraftReport out{id, author, in.text("tasks", 0, 4000, many), word_or_none<Outcome>(in, "outcome"), word_or_none<Cleanup>(in, "cleanup"), staff_in(in), std::nullopt, at};
  if (!in.is_null("none_consulted")) out.none_consulted = in.text("none_consulted", 0, 2000, many);
  PL_CHECK(in.finish());
  return out;
}

Report DraftReport::complete() && {
  return {std::move(intervention), std::move(author), std::move(tasks), *outcome, *cleanup, std::move(consulted), std::move(none_consulted), at};
}

Result<std::optional<json::object>> ReportDrafts::find(const InterventionId& id, const Login& author) const {
  PL_TRY(text, db_.text("SELECT draft FROM report_drafts WHERE intervention=? AND author=?", id.text(), author.text()));
  if (!text) return std::nullopt;
  PL_TRY(object, parse_object(*text, max_draft, "store, draft"));
  return std::optional(std::move(object));
}

Result<> ReportDrafts::keep(const InterventionId& id, const Login& author, const json::object& draft, Time at) {
  return db_.run("INSERT OR REPLACE INTO report_drafts(intervention, author, draft, at) VALUES(?,?,?,?)", id.text(), author.text(),
                 json::serialize(draft), stored(at));
}

Result<> ReportDrafts::drop(const InterventionId& id) { return db_.run("DELETE FROM report_drafts WHERE intervention=?", id.text()); }

}  // namespace pontlevis::gateway
