#include "gateway/outward/deliveries.hpp"

#include "gateway/events.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_listed = 200, looked_back = 64;

StrictObject reader(const json::object& request, std::string where) {
  StrictObject in(request, std::move(where));
  static_cast<void>(in.text("verb", 1, 64));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  return in;
}

Result<std::optional<DeliveryState>> state_named(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto& words = Spelling<DeliveryState>::words;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == name) return static_cast<DeliveryState>(i);
  return fail(Errc::bad_input, "is no state of a delivery", "state", "WAITING, ACKNOWLEDGED, REFUSED, GIVEN_UP or DROPPED");
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

std::unexpected<Error> no_delivery(const std::string& id) { return fail(Errc::not_found, "no delivery has this number", printable(id, 40), "`delivery list` shows them"); }

Result<audit::Record> record_of(const Delivery& d) {
  json::object fields{{"delivery_id", d.message.id}, {"channel", word(d.message.channel)}, {"subject", d.message.subject}, {"state", word(d.state)},
                      {"tries", d.message.tries}, {"body_sha256", d.message.body_sha256}, {"crm_ref", text_or_null(d.crm_ref)},
                      {"reason", text_or_null(d.reason)}, {"done_by", text_or_null(d.done_by)}};
  if (d.status != 0) fields["status"] = d.status;
  if (d.message.intervention) fields["intervention"] = d.message.intervention->text();
  if (!d.message.practice.empty()) fields["practice"] = d.message.practice;
  return audit::Record::make("delivery", fields);
}

}  // namespace

json::object delivery_view(const Delivery& d) {
  return {{"id", d.message.id}, {"channel", word(d.message.channel)}, {"subject", d.message.subject},
          {"intervention", d.message.intervention ? json::value(d.message.intervention->text()) : json::value(nullptr)}, {"state", word(d.state)},
          {"tries", d.message.tries}, {"created_at", to_utc(d.message.created_at)}, {"next_try", d.next_try ? json::value(to_utc(*d.next_try)) : json::value(nullptr)},
          {"last_error", d.last_error}, {"crm_ref", text_or_null(d.crm_ref)}};
}

VerbTable Deliveries::verbs() {
  const auto to = verbs_of(this);
  return {{"delivery list", to(&Deliveries::list)}, {"delivery retry", to(&Deliveries::retry)}, {"delivery drop", to(&Deliveries::drop)},
          {"delivery resend", to(&Deliveries::resend)}, {"contact set", to(&Deliveries::set_contact)}, {"contact remove", to(&Deliveries::remove_contact)},
          {"contact list", to(&Deliveries::list_contacts)}};
}

ApiRoutes Deliveries::routes() {
  const auto to = handlers_of(this);
  const Roles readers = Role::compliance | Role::auditor | Role::administrator, writers = Role::compliance | Role::administrator;
  return {{"GET", "/api/v1/deliveries", readers, Scope::read, false, to(&Deliveries::list_page)},
          {"POST", "/api/v1/deliveries/<id>/retry", writers, Scope::read, false, to(&Deliveries::retry_one), Door::page},
          {"POST", "/api/v1/deliveries/<id>/drop", writers, Scope::read, true, to(&Deliveries::drop_one), Door::page}};
}

// ---- verbs ----

Result<json::object> Deliveries::shown(const std::string& id) {
  PL_TRY(found, outbox_.find(id));
  if (!found) return no_delivery(id);
  return delivery_view(*found);
}

Deliveries::Answer Deliveries::list(json::object request) {
  auto in = reader(request, "delivery list");
  const auto name = in.has("state") ? in.text("state", 1, 20) : std::string();
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(state, state_named(name));
  PL_CO_TRY(page, outbox_.list(state, "", most_listed));
  json::array out;
  for (const auto& delivery : page.items) out.push_back(delivery_view(delivery));
  co_return json::object{{"deliveries", std::move(out)}};
}

Deliveries::Answer Deliveries::retry(json::object request) {
  auto in = reader(request, "delivery retry");
  const auto id = in.text("id", 1, 64);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, outbox_.find(id));
  if (!found) co_return no_delivery(id);
  PL_CO_CHECK(outbox_.again(id, core_.clock.now()));
  event("delivery.retry_asked", {{"delivery", id}, {"by", text_of(request, "done_by")}});
  wake_();
  co_return shown(id);
}

Deliveries::Answer Deliveries::drop(json::object request) {
  auto in = reader(request, "delivery drop");
  const auto id = in.text("id", 1, 64), reason = in.text("reason", 3, 500);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, outbox_.find(id));
  if (!found) co_return no_delivery(id);
  const Settled how{DeliveryState::dropped, 0, {}, {}, reason, text_of(request, "done_by")};
  {
    PL_CO_TRY(transaction, sqlite::Transaction::begin(*core_.store));
    PL_CO_CHECK(outbox_.drop(id, how.reason, how.done_by));
    PL_CO_CHECK(crm_.settled(found->message, how));
    PL_CO_CHECK(transaction.commit());
  }
  PL_CO_CHECK(co_await record_settled());
  wake_();
  co_return shown(id);
}

Deliveries::Answer Deliveries::resend(json::object request) {
  auto in = reader(request, "delivery resend");
  const auto id = in.id<InterventionId>("intervention");
  PL_CO_CHECK(in.finish());
  if (!crm_.wanted()) co_return fail(Errc::conflict, "no customer-relations system is configured", "webhook.url");
  PL_CO_TRY(iv, core_.interventions.find(*id));
  if (!iv || iv->state != State::closed) co_return fail(Errc::not_found, "no closed intervention has this number", id->text());
  PL_CO_CHECK(crm_.say_again(*id));
  wake_();
  co_return json::object{{"intervention", id->text()}, {"noted", true}};
}

// ---- practices' addresses ----

Deliveries::Answer Deliveries::change_contact(PracticeId practice, std::string address, std::string by) {
  if (!core_.practices.find(practice)) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + practice.text());
  if (!address.empty() && !io::is_mail_address(address)) co_return fail(Errc::bad_input, "is not a mail address", "mail", "name@practice.example, ASCII");
  const json::object fields{{"practice", practice.text()}, {"event", address.empty() ? "contact_removed" : "contact_set"}, {"done_by", text_or_null(by)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("practice", fields)));
  PL_CO_CHECK(post_.set_contact(practice, address));
  co_return json::object{{"practice", practice.text()}, {"mail", text_or_null(address)}, {"log_index", recorded.index}};
}

Deliveries::Answer Deliveries::set_contact(json::object request) {
  auto in = reader(request, "contact set");
  const auto practice = in.id<PracticeId>("practice");
  auto address = in.text("mail", 3, 200);
  PL_CO_CHECK(in.finish());
  co_return co_await change_contact(*practice, std::move(address), text_of(request, "done_by"));
}

Deliveries::Answer Deliveries::remove_contact(json::object request) {
  auto in = reader(request, "contact remove");
  const auto practice = in.id<PracticeId>("practice");
  PL_CO_CHECK(in.finish());
  co_return co_await change_contact(*practice, "", text_of(request, "done_by"));
}

Deliveries::Answer Deliveries::list_contacts(json::object request) {
  auto in = reader(request, "contact list");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(contacts, post_.contacts());
  json::array out;
  for (const auto& [practice, address] : contacts) out.push_back(json::object{{"practice", practice}, {"mail", address}});
  co_return json::object{{"contacts", std::move(out)}};
}

// ---- routes ----

ApiAnswer Deliveries::list_page(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto state = state_named(call.request.parameter("state").value_or(""));
  if (!state) co_return api_problem(state.error());
  const auto found = outbox_.list(*state, page->cursor, page->limit);
  if (!found) co_return api_problem(found.error());
  json::array items;
  for (const auto& delivery : found->items) items.push_back(delivery_view(delivery));
  co_return api_page(std::move(items), found->next);
}

ApiAnswer Deliveries::retry_one(ApiCall call) {
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "delivery retry");
  verb.emplace("id", call.request.id);
  const auto done = co_await retry(std::move(verb));
  co_return done ? api_answer(*done) : api_problem(done.error());
}

ApiAnswer Deliveries::drop_one(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto verb = verb_by(call, "delivery drop");
  verb.emplace("id", call.request.id);
  for (const auto& member : *body) {
    if (member.key() != "reason") co_return api_problem(Error{Errc::bad_input, "is not a member of this act", printable(member.key(), 40), "reason"});
    verb.emplace(member.key(), member.value());
  }
  const auto done = co_await drop(std::move(verb));
  co_return done ? api_answer(*done) : api_problem(done.error());
}

// ---- the record ----

// After a crash between the append and the mark: the record is there already.
Result<bool> Deliveries::in_log(const Delivery& d) const {
  std::vector<audit::LeafIndex> places;
  PL_CHECK(core_.log->read([&](sqlite::Database& log) -> Result<> {
    PL_TRY(rows, log.query("SELECT idx FROM records WHERE type = 'delivery' AND idx >= (SELECT max(idx) FROM records) - 10000 ORDER BY idx DESC LIMIT ?", looked_back));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      places.push_back(static_cast<audit::LeafIndex>(rows.integer(0)));
    }
  }));
  for (auto place : places) {
    PL_TRY(record, core_.log->record(place));
    PL_TRY(fields, record.open());
    if (text_of(fields, "delivery_id") == d.message.id && text_of(fields, "state") == word(d.state)) return true;
  }
  return false;
}

Awaitable<Result<>> Deliveries::record_one(Delivery delivery) {
  if (after_crash_) {
    PL_CO_TRY(there, in_log(delivery));
    if (there) co_return Result<>{};
  }
  PL_CO_TRY(appended, co_await core_.append(record_of(delivery)));
  static_cast<void>(appended);
  co_return Result<>{};
}

Awaitable<Result<>> Deliveries::record_settled() {
  if (std::exchange(recording_, true)) co_return Result<>{};  // whoever is at it sees these too, or the next round does
  Result<> result;
  for (bool more = true; more && result;) {
    auto found = outbox_.unrecorded();
    if (!found) result = std::unexpected(found.error());
    more = found && !found->empty();
    if (!more) break;
    for (const auto& delivery : *found) {
      auto recorded = co_await record_one(delivery);
      result = recorded ? outbox_.recorded(delivery.message.id) : std::move(recorded);
      if (!result) break;
    }
  }
  recording_ = false;
  after_crash_ = false;
  co_return result;
}

}  // namespace pontlevis::gateway
