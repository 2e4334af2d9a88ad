#include "agent/journal.hpp"

#include "audit/fact_record.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& data, const Identity& identity,
                                               Store& store, const Clock& clock, Random& random) {
  std::unique_ptr<Journal> out(new Journal(identity, store, clock));
  PL_TRY(signer, NoteSigner::parse(identity.journal_key.text()));
  PL_TRY(log, audit::Log::open({.folder = data / "log"}, std::move(signer), clock, random));
  out->log_ = std::move(log);
  PL_CHECK(out->read_spool());
  return out;
}

Result<> Journal::read_spool() {
  PL_TRY(from, store_.recorded_below());
  constexpr std::size_t page = 256;
  for (auto first = from; first < log_->size(); first += page) {
    PL_TRY(records, log_->records(first, page));
    for (const auto& record : records) {
      PL_TRY(fields, record.open());
      const auto* note = fields.if_contains("statement");
      const auto* id = fields.if_contains("intervention");
      if (!note || !note->is_string() || !id || !id->is_string()) continue;
      PL_TRY(intervention, InterventionId::parse(id->get_string()));
      spool(record.type(), intervention, std::string(note->get_string()), record.index);
    }
  }
  return {};
}

void Journal::spool(const std::string& type, const InterventionId& id, const std::string& note, audit::LeafIndex index) {
  spool_.push_back({frame::Fact{fact_kind(type), id, note}, sha256_hex(note), index});
}

io::Awaitable<Result<std::string>> Journal::record(std::string type, InterventionId intervention, json::object body) {
  json::object signed_body{{"intervention", intervention.text()}};
  for (auto& member : body) signed_body.emplace(member.key(), std::move(member.value()));
  signed_body.emplace("at", to_utc(clock_.now()));
  std::string note = sign_statement(type, signed_body, identity_.practice_key);
  PL_CO_TRY(record, audit::fact_record(type, signed_body, identity_.practice.text(), note));
  PL_CO_TRY(appended, co_await log_->append(std::move(record)));
  spool(type, intervention, note, appended.index);
  if (on_new) on_new(spool_.back());
  co_return note;
}

io::Awaitable<Result<>> Journal::keep(std::string type, json::object fields) {
  fields.emplace("practice", identity_.practice.text());
  PL_CO_TRY(record, audit::Record::make(type, fields));
  PL_CO_CHECK(co_await log_->append(std::move(record)));
  co_return Result<>{};
}

void Journal::keep_soon(std::string type, json::object fields) {
  fields.emplace("practice", identity_.practice.text());
  auto record = audit::Record::make(type, fields);
  if (record) log_->append(*std::move(record), [](Result<audit::Appended>) {});
}

Result<> Journal::keep_now(std::string type, json::object fields) {
  fields.emplace("practice", identity_.practice.text());
  PL_TRY(record, audit::Record::make(type, fields));
  PL_CHECK(log_->append_now(std::move(record)));
  return {};
}

void Journal::recorded(const std::string& statement_sha256) {
  const auto found = std::find_if(spool_.begin(), spool_.end(),
                                  [&](const auto& fact) { return fact.sha256 == statement_sha256; });
  if (found == spool_.end()) return;
  const auto index = found->index;
  spool_.erase(found);
  // Only what lies below every fact still waiting is done with.
  static_cast<void>(store_.set_recorded_below(spool_.empty() ? index + 1 : std::min(index + 1, spool_.front().index)));
}

}  // namespace pontlevis::agent
