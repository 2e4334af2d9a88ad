// What people do with a breach file. Each act is checked, recorded, kept, then told.
#include "gateway/events.hpp"
#include "gateway/registers/breach/breach_desk.hpp"
#include "gateway/registers/breach/breach_scope.hpp"
#include "gateway/registers/common/in_hand.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Awaitable<Result<json::object>>;
constexpr auto many = StrictObject::Lines::many;

bool is_authority(const std::string& recipient) { return recipient == to_cnil || recipient == to_csirt; }

// 33(1), last sentence: told later than 72 hours, the reason goes with it.
Result<> check_notice(const BreachFile& f, const std::string& recipient, NoticeKind kind, const std::string& delay, Time now) {
  const auto where = "breach " + f.id + ", " + recipient;
  if (kind != NoticeKind::initial && !f.last_notice(recipient, NoticeKind::initial)) return fail(Errc::conflict, "was not told for the first time yet", where, "INITIALE comes first");
  if (recipient == to_cnil && kind == NoticeKind::initial && now > *f.aware_at + std::chrono::hours(72) && delay.size() < 10)
    return fail(Errc::bad_input, "is told later than 72 hours: say why", "delay_reason", "the authority asks for the reason of the delay (GDPR 33(1))");
  if (f.words.description.empty() || f.words.types.empty()) return fail(Errc::conflict, "has no description or nature yet", where, "fill in the file, then notify");
  return {};
}

// What is missing before a file may be closed.
Result<> check_closing(const BreachFile& f) {
  const auto where = "breach " + f.id;
  for (const auto& practice : f.practices)
    if (!f.last_notice(practice, NoticeKind::initial)) return fail(Errc::conflict, "leaves an affected practice untold: " + practice, where, "breach notify");
  if (!f.last_notice(std::string(to_cnil)) && f.words.authority_not_notified.empty())
    return fail(Errc::conflict, "neither told the CNIL nor says why not", where, "notify CNIL, or fill in authority_not_notified");
  return {};
}

}  // namespace

Answer BreachDesk::add(std::string, json::object words, ActBy by) {
  PL_CO_TRY(read, breach_words(words));
  BreachFile file;
  file.id = make_uuid(core_.random);
  file.opened_by = by.login;
  file.trigger = "person";
  file.detected_at = core_.clock.now();
  file.words = std::move(read);
  PL_CO_CHECK(core_.store->run("INSERT INTO breaches(id, opened_at, open, body) VALUES(?,?,1,?)", file.id, stored(file.detected_at), breach_text(file)));
  if (auto recorded = co_await record(file, "DRAFTED", {}, by); !recorded) {
    static_cast<void>(core_.store->run("DELETE FROM breaches WHERE id=?", file.id));
    co_return std::unexpected(recorded.error());
  }
  co_return view(file);
}

Answer BreachDesk::change(std::string id, json::object words, ActBy by) {
  PL_CO_TRY(read, breach_words(words));
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_live(id));
  const bool decided = file.words.authority_not_notified.empty() && !read.authority_not_notified.empty();
  file.words = std::move(read);
  PL_CO_CHECK(co_await record(file, "CHANGED", {}, by));
  if (decided) {  // the moment counts for the 72 hours
    file.steps.push_back({core_.clock.now(), "NOT_NOTIFIED", by.login, file.steps.back().index});
    PL_CO_CHECK(save(file));
  }
  co_return view(file);
}

Answer BreachDesk::confirm(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach confirm");
  const auto aware = in.time("aware_at");
  const auto now = core_.clock.now();
  if (aware > now + std::chrono::minutes(5) || aware < now - std::chrono::days(365)) in.blame("aware_at", "is not a moment of the last year");
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_live(id));
  if (file.state == BreachState::confirmed) co_return fail(Errc::conflict, "is confirmed already", "breach " + id);
  file.state = BreachState::confirmed;
  file.aware_at = aware;
  PL_CO_CHECK(co_await record(file, "CONFIRMED", {}, by));
  co_return view(file);
}

Answer BreachDesk::dismiss(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach dismiss");
  const auto reason = in.text("reason", 10, 1000, many);
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_live(id));
  if (!file.notices.empty()) co_return fail(Errc::conflict, "was notified already: it is closed, not dismissed", "breach " + id);
  file.state = BreachState::dismissed;
  file.dismiss_reason = reason;
  file.closed_at = core_.clock.now();
  PL_CO_CHECK(co_await record(file, "DISMISSED", {{"reason", reason}}, by));
  co_return view(file);
}

Answer BreachDesk::scope(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach scope");
  BreachScope asked{in.time("from"), in.time("until"), in.text("person", 0, 200), in.text("system", 0, 63)};
  if (asked.until < asked.from) in.blame("until", "is before from");
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_live(id));
  PL_CO_TRY(affected, co_await find_affected(core_, asked));
  file.words.occurred_from = asked.from, file.words.occurred_to = asked.until;
  file.interventions = std::move(affected.interventions);
  // Practices that were named or told before stay.
  file.practices.merge(affected.practices);
  if (affected.count > file.interventions.size())
    file.evidence.push_back({std::to_string(file.interventions.size()) + " of " + std::to_string(affected.count) + " interventions are listed", std::nullopt});
  PL_CO_CHECK(co_await record(file, "SCOPED", {}, by));
  co_return view(file);
}

Answer BreachDesk::notify(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach notify");
  const auto recipient = in.text("recipient", 1, 63), delay = in.text("delay_reason", 0, 1000, many);
  const auto kind = static_cast<NoticeKind>(in.choice("kind", Spelling<NoticeKind>::words));
  const auto address = in.has("address") ? in.text("address", 0, 200) : std::string();
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_confirmed(id));
  if (!is_authority(recipient)) {
    PL_CO_TRY(practice, PracticeId::parse(recipient));
    if (!core_.practices.find(practice)) co_return fail(Errc::not_found, "is neither a practice of this gateway nor CNIL nor CSIRT", recipient);
  }
  PL_CO_CHECK(check_notice(file, recipient, kind, delay, core_.clock.now()));
  PL_CO_TRY(fr, write_notice(file, recipient, kind, delay, Tongue::french));
  PL_CO_TRY(en, write_notice(file, recipient, kind, delay, Tongue::english));
  const auto text = fr.text + "\n---\n\n" + en.text;
  file.notices.push_back({recipient, kind, core_.clock.now(), delay, "", sha256_hex(text)});
  if (!is_authority(recipient)) file.practices.insert(recipient);
  json::object fields{{"notice_kind", word(kind)}, {"recipient", recipient}, {"notice_sha256", file.notices.back().sha256}};
  if (!delay.empty()) fields["delay_reason"] = delay;
  if (!is_authority(recipient)) fields["practice"] = recipient;
  PL_CO_CHECK(co_await record(file, "NOTIFIED", std::move(fields), by));
  // A practice without an address here is told at the one its reports go to (pontlevis-gateway contact).
  core_.signals.mail(!address.empty() || is_authority(recipient) ? address : recipient, fr.subject, text);
  co_return view(file);
}

Answer BreachDesk::delivered(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach delivered");
  const auto recipient = in.text("recipient", 1, 63), proof = in.text("proof", 3, 500);
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_confirmed(id));
  const auto at = std::find_if(file.notices.rbegin(), file.notices.rend(), [&](const auto& n) { return n.recipient == recipient && n.delivered.empty(); });
  if (at == file.notices.rend()) co_return fail(Errc::not_found, "has no notice that waits for a proof", "breach " + id + ", " + recipient);
  at->delivered = proof;
  json::object fields{{"notice_kind", word(at->kind)}, {"recipient", recipient}, {"notice_sha256", at->sha256}, {"delivery_proof", proof}};
  if (!is_authority(recipient)) fields["practice"] = recipient;
  PL_CO_CHECK(co_await record(file, "DELIVERED", std::move(fields), by));
  co_return view(file);
}

Answer BreachDesk::close(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "breach close");
  const auto lessons = in.text("lessons", 10, 4000, many);
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(file, find_confirmed(id));
  PL_CO_CHECK(check_closing(file));
  file.state = BreachState::closed;
  file.lessons = lessons;
  file.closed_at = core_.clock.now();
  PL_CO_CHECK(co_await record(file, "CLOSED", {{"reason", lessons}}, by));
  co_return view(file);
}

}  // namespace pontlevis::gateway
