#include "gateway/registers/rights/rights_case.hpp"

#include "gateway/registers/common/deadlines.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;
constexpr std::size_t most_bytes = 256 * 1024, most_steps = 500, most_files = 64;

template <class Word>
Word choice(StrictObject& in, std::string_view name) {
  return static_cast<Word>(in.choice(name, Spelling<Word>::words));
}

json::value id_or_null(const std::optional<PracticeId>& id) { return id ? json::value(id->text()) : json::value(nullptr); }
json::value number_or_null(const std::optional<std::int64_t>& n) { return n ? json::value(*n) : json::value(nullptr); }

json::value identity_json(const std::optional<IdentityCheck>& check) {
  if (!check) return nullptr;
  return json::object{{"method", check->method}, {"result", word(check->result)}, {"at", to_utc(check->at)}};
}

std::optional<IdentityCheck> identity_from(StrictObject& in) {
  if (in.is_null("identity")) return std::nullopt;
  StrictObject one(in.object("identity"), in.where());
  IdentityCheck out{one.text("method", 1, 120), choice<IdentityResult>(one, "result"), one.time("at")};
  if (const auto read = one.finish(); !read) in.blame("identity", read.error().what);
  return out;
}

std::optional<PracticeId> practice_from(StrictObject& in, std::string_view name) {
  return !in.has(name) || in.is_null(name) ? std::nullopt : in.id<PracticeId>(name);
}

std::optional<Time> day_from(StrictObject& in, std::string_view name) {
  if (in.is_null(name)) return std::nullopt;
  const auto day = from_date(in.text(name, 10, 10));
  if (!day) in.blame(name, "is not a date");
  return day;
}

json::array files_json(const std::vector<AnswerFile>& files) {
  json::array out;
  for (const auto& f : files) out.push_back(json::object{{"name", f.name}, {"place", f.place}, {"sha256", f.sha256}, {"bytes", f.bytes}});
  return out;
}

Result<std::vector<AnswerFile>> files_from(const json::array& files) {
  std::vector<AnswerFile> out;
  for (const auto& file : files) {
    StrictObject in(file, "store, rights request, file");
    out.push_back({in.text("name", 1, 60), in.text("place", 1, 160), in.text("sha256", 64, 64), in.integer("bytes", 0, INT64_MAX)});
    PL_CHECK(in.finish());
  }
  return out;
}

// The members that the person or who writes them down gave, in both forms.
void read_asked(StrictObject& in, RightsCase& out) {
  out.type = choice<RightsType>(in, "type");
  out.channel = choice<RightsChannel>(in, "channel");
  out.requester = in.text("requester", 1, 200);
  out.status = choice<Requester>(in, "requester_status");
  out.contact = in.text("contact", 0, 300);
  out.text = in.text("text", 0, 4000, many);
  out.practice = practice_from(in, "practice");
}

json::object asked_json(const RightsCase& c) {
  return {{"id", c.id}, {"type", word(c.type)}, {"channel", word(c.channel)}, {"requester", c.requester}, {"requester_status", word(c.status)},
          {"contact", c.contact}, {"text", c.text}, {"practice", id_or_null(c.practice)}, {"received_at", to_utc(c.received_at)}};
}

}  // namespace

Two words_of(RightsType type) {
  static constexpr Two words[] = {{"accès", "access"}, {"rectification", "rectification"}, {"effacement", "erasure"}, {"limitation", "restriction"},
                                  {"opposition", "objection"}, {"portabilité", "portability"}, {"directives après le décès", "directives after death"}};
  return words[static_cast<std::size_t>(type)];
}

Two words_of(RightsOutcome outcome) {
  static constexpr Two words[] = {{"Il est fait droit à votre demande.", "Your request is granted."},
                                  {"Il est fait droit à votre demande en partie.", "Your request is granted in part."},
                                  {"Votre demande est refusée, pour le motif qui suit.", "Your request is refused, for the reason that follows."},
                                  {"Nous ne détenons aucune donnée sur vous.", "We hold no data about you."},
                                  {"Votre demande a été transmise au responsable de traitement, qui vous répondra.", "Your request was passed on to the controller, who will answer you."},
                                  {"Vous avez retiré votre demande.", "You have withdrawn your request."}};
  return words[static_cast<std::size_t>(outcome)];
}

Time RightsCase::due() const { return extended_until ? *extended_until : first_due(received_at); }

std::string state_of(const RightsCase& c, bool searching) {
  if (!c.open()) return "ANSWERED";
  if (searching) return "SEARCHING";
  if (c.found) return "SEARCHED";
  if (c.forwarded_to) return "FORWARDED";
  return c.identity ? "IDENTITY" : "RECEIVED";
}

json::array steps_json(const std::vector<CaseStep>& steps) {
  json::array out;
  for (const auto& s : steps)
    out.push_back(json::object{{"at", to_utc(s.at)}, {"what", s.what}, {"by", s.by}, {"index", s.index ? json::value(*s.index) : json::value(nullptr)}});
  return out;
}

Result<std::vector<CaseStep>> steps_from(const json::array& steps, const std::string& where) {
  std::vector<CaseStep> out;
  for (const auto& step : steps) {
    StrictObject in(step, where);
    CaseStep one{in.time("at"), in.text("what", 1, 40), in.text("by", 0, 64), std::nullopt};
    if (!in.is_null("index")) one.index = static_cast<std::uint64_t>(in.integer("index", 0, INT64_MAX));
    PL_CHECK(in.finish());
    out.push_back(std::move(one));
  }
  return out;
}

json::object case_view(const RightsCase& c, Time now, bool searching) {
  auto out = asked_json(c);
  const auto due = c.due();
  out["due"] = to_date(due);
  out["extended_until"] = c.extended_until ? json::value(to_date(*c.extended_until)) : json::value(nullptr);
  out["extension_reason"] = c.extension_reason;
  out["route"] = word(c.route());
  out["identity"] = identity_json(c.identity);
  out["forwarded_to"] = id_or_null(c.forwarded_to);
  out["forwarded_at"] = c.forwarded_to ? json::value(to_utc(c.forwarded_at)) : json::value(nullptr);
  out["found"] = number_or_null(c.found);
  out["answered_at"] = c.open() ? json::value(nullptr) : json::value(to_utc(c.answered_at));
  out["outcome"] = c.outcome ? word(*c.outcome) : "";
  json::array files;
  for (const auto& f : c.files) files.push_back(json::object{{"name", f.name}, {"sha256", f.sha256}, {"bytes", f.bytes}});
  out["files"] = std::move(files);
  out["state"] = state_of(c, searching);
  out["late"] = (c.open() ? now : c.answered_at) > end_of_day(due);
  out["days_left"] = c.open() ? days_until(due, now) : 0;
  out["steps"] = steps_json(c.steps);
  return out;
}

std::string case_text(const RightsCase& c) {
  auto out = asked_json(c);
  out["extended_until"] = c.extended_until ? json::value(to_date(*c.extended_until)) : json::value(nullptr);
  out["extension_reason"] = c.extension_reason;
  out["identity"] = identity_json(c.identity);
  out["forwarded_to"] = id_or_null(c.forwarded_to);
  out["forwarded_at"] = to_utc(c.forwarded_at);
  out["searched_login"] = c.searched_login;
  out["searched_name"] = c.searched_name;
  out["found"] = number_or_null(c.found);
  out["outcome"] = c.outcome ? json::value(word(*c.outcome)) : json::value(nullptr);
  out["words"] = c.words;
  out["answered_at"] = to_utc(c.answered_at);
  out["files"] = files_json(c.files);
  out["steps"] = steps_json(c.steps);
  return json::serialize(out);
}

Result<RightsCase> case_from(std::string_view text) {
  PL_TRY(object, parse_object(text, most_bytes, "store, rights request"));
  StrictObject in(object, "store, rights request");
  RightsCase out;
  out.id = in.text("id", 36, 36);
  read_asked(in, out);
  out.received_at = in.time("received_at");
  out.extended_until = day_from(in, "extended_until");
  out.extension_reason = in.text("extension_reason", 0, 1000, many);
  out.identity = identity_from(in);
  out.forwarded_to = practice_from(in, "forwarded_to");
  out.forwarded_at = in.time("forwarded_at");
  out.searched_login = in.text("searched_login", 0, 63);
  out.searched_name = in.text("searched_name", 0, 200);
  if (!in.is_null("found")) out.found = in.integer("found", 0, INT64_MAX);
  if (!in.is_null("outcome")) out.outcome = choice<RightsOutcome>(in, "outcome");
  out.words = in.text("words", 0, 8000, many);
  out.answered_at = in.time("answered_at");
  PL_TRY(files, files_from(in.array("files", 0, most_files)));
  out.files = std::move(files);
  PL_TRY(steps, steps_from(in.array("steps", 0, most_steps), "store, rights request, step"));
  out.steps = std::move(steps);
  PL_CHECK(in.finish());
  return out;
}

Result<RightsCase> new_case(const json::object& words, std::string id, Time now) {
  StrictObject in(words, "rights request");
  RightsCase out;
  out.id = std::move(id);
  read_asked(in, out);
  // A letter is written down days after it came, and its clock ran meanwhile: a day, or a moment.
  const auto given = in.text("received_at", 10, 24);
  const auto at = given.size() == 10 ? from_date(given) : from_utc(given);
  if (!at || *at > now + std::chrono::minutes(5) || *at < now - std::chrono::days(365)) in.blame("received_at", "is not a day or moment of the last year", "2026-01-31");
  PL_CHECK(in.finish());
  out.received_at = *at;
  return out;
}

}  // namespace pontlevis::gateway
