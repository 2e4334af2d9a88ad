#include "gateway/retention/spontaneous.hpp"

#include "gateway/events.hpp"
#include "gateway/nir.hpp"
#include "gateway/store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

struct FindWords {
  const audit::Log* log;
  LeafIndex record;
  std::string field;
  Result<SameWords> operator()() const { return same_words(*log, record, field); }
};

bool holds_nir_in(const json::value& value) {
  if (value.is_string()) return holds_nir(value.get_string());
  if (value.is_array()) return std::any_of(value.get_array().begin(), value.get_array().end(), holds_nir_in);
  if (!value.is_object()) return false;
  return std::any_of(value.get_object().begin(), value.get_object().end(), [](const auto& m) { return holds_nir_in(m.value()); });
}

// The thread's part of a sweep, in steps so that other readers of the log get their turn.
struct SweepJob {
  const audit::Log* log;
  static constexpr std::size_t step = 256, most = 1000;

  Result<std::vector<QuarantinedField>> operator()() const {
    std::vector<QuarantinedField> out;
    for (LeafIndex at = 0; at < log->size() && out.size() < most; at += step) {
      PL_TRY(records, log->records(at, step));
      for (const auto& record : records) PL_CHECK(look(record, out));
    }
    return out;
  }
  static Result<> look(const audit::StoredRecord& record, std::vector<QuarantinedField>& out) {
    PL_TRY(opened, record.open());
    for (const auto& field : record.fields) {
      const auto* value = field.cls == audit::FieldClass::text && field.is_open() ? opened.if_contains(field.name) : nullptr;
      if (value && holds_nir_in(*value)) out.push_back({record.index, field.name});
    }
    return {};
  }
};

Result<SpontaneousCase> read_case(const sqlite::Rows& row) {
  SpontaneousCase out{row.text(0), static_cast<LeafIndex>(row.integer(1)), row.text(2), {}, row.text(4), row.text(5), read_time(row.integer(6)), row.integer(7) != 0, row.text(8)};
  if (row.is_null(3)) return out;
  PL_TRY(id, InterventionId::parse(row.text(3)));
  out.intervention = std::move(id);
  return out;
}

}  // namespace

json::object spontaneous_json(const SpontaneousCase& c) {
  return {{"id", c.id}, {"record", c.record}, {"field", c.field}, {"intervention", c.intervention ? json::value(c.intervention->text()) : json::value(nullptr)},
          {"found_by", c.found_by}, {"at", to_utc(c.at)}, {"rule", c.rule}, {"state", c.destroyed ? "DESTROYED" : "QUARANTINED"},
          {"certificate", c.certificate.empty() ? json::value(nullptr) : json::value(c.certificate)}};
}

Result<> SpontaneousData::make_tables() {
  PL_CHECK(quarantine_.make_table());
  return p_.core.store->script(R"sql(
    -- Health data that came without being asked for: where it was found, never what it said.
    CREATE TABLE IF NOT EXISTS spontaneous_data(
      id TEXT PRIMARY KEY, record INTEGER NOT NULL, field TEXT NOT NULL, intervention TEXT, found_by TEXT NOT NULL, rule TEXT NOT NULL,
      at INTEGER NOT NULL, destroyed INTEGER NOT NULL, certificate TEXT NOT NULL) STRICT;
  )sql");
}

Result<> SpontaneousData::keep(const SpontaneousCase& c) {
  const auto intervention = c.intervention ? std::optional(c.intervention->text()) : std::nullopt;
  return p_.core.store->run("INSERT OR REPLACE INTO spontaneous_data(id, record, field, intervention, found_by, rule, at, destroyed, certificate) VALUES(?,?,?,?,?,?,?,?,?)",
                            c.id, c.record, c.field, intervention, c.found_by, c.rule, stored(c.at), c.destroyed, c.certificate);
}

Result<std::vector<SpontaneousCase>> SpontaneousData::all() const {
  PL_TRY(rows, p_.core.store->query("SELECT id, record, field, intervention, found_by, rule, at, destroyed, certificate FROM spontaneous_data ORDER BY at DESC, id"));
  std::vector<SpontaneousCase> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(one, read_case(rows));
    out.push_back(std::move(one));
  }
}

Result<SpontaneousCase> SpontaneousData::find(const std::string& id) const {
  PL_TRY(found, all());
  for (auto& one : found)
    if (one.id == id) return std::move(one);
  return fail(Errc::not_found, "no case has this number", printable(id, 40));
}

Awaitable<Result<>> SpontaneousData::record(SpontaneousCase c, std::string what, std::string by) {
  json::object fields{{"case_id", c.id}, {"event", what}, {"place", "field"}, {"record_index", c.record}, {"field", c.field}, {"rule", c.rule}};
  if (c.intervention) fields["intervention"] = c.intervention->text();
  if (!c.certificate.empty()) fields["certificate_id"] = c.certificate;
  if (!by.empty()) fields["done_by"] = by;
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("spontaneous_data", fields)));
  co_return Result<>{};
}

Awaitable<Result<SpontaneousCase>> SpontaneousData::quarantine(LeafIndex index, std::string field, std::string rule, std::string by) {
  PL_CO_TRY(known, quarantine_.fields_of(index));
  if (std::find(known.begin(), known.end(), field) != known.end()) co_return fail(Errc::conflict, "is in quarantine already", "record " + std::to_string(index));
  FindWords job{p_.core.log.get(), index, field};
  PL_CO_TRY(words, co_await p_.worker.run(std::move(job)));
  SpontaneousCase found{make_uuid(p_.core.random), index, std::move(field), words.intervention, by, std::move(rule), p_.core.clock.now(), false, {}};
  // Nobody sees it any more from here on; the record follows.
  PL_CO_CHECK(quarantine_.put(found.id, words.fields));
  PL_CO_CHECK(keep(found));
  if (words.intervention) PL_CO_CHECK(words.values.empty() ? p_.copies.strip(*words.intervention) : p_.copies.reword(*words.intervention, words.values));
  p_.copies.drop_exports_about(words.intervention ? words.intervention->text() : std::string());
  PL_CO_CHECK(p_.copies.truncate());
  PL_CO_CHECK(co_await record(found, "QUARANTINED", by));
  event("spontaneous_data.quarantined", {{"case", found.id}, {"fields", words.fields.size()}});
  co_return found;
}

Awaitable<Result<SpontaneousCase>> SpontaneousData::destroy(std::string id, std::string by) {
  PL_CO_TRY(found, find(id));
  if (found.destroyed) co_return fail(Errc::conflict, "is destroyed already", "case " + id);
  PL_CO_TRY(fields, quarantine_.of_case(id));
  SameWords words{fields, {}, found.intervention, {}};
  Erasure meta;
  meta.reason = "SPONTANEOUS_HEALTH_DATA", meta.by = by, meta.trigger = "case " + id;
  meta.copies_forgot = true;  // when it came into quarantine
  PL_CO_TRY(certificates, co_await erasures_.erase_words(std::move(words), std::move(meta)));
  found.destroyed = true;
  found.certificate = certificates.front();
  PL_CO_CHECK(keep(found));
  PL_CO_CHECK(quarantine_.release(id));
  PL_CO_CHECK(co_await record(found, "DESTROYED", by));
  co_return found;
}

Awaitable<Result<std::vector<SpontaneousCase>>> SpontaneousData::sweep(std::string by) {
  SweepJob job{p_.core.log.get()};
  PL_CO_TRY(hits, co_await p_.worker.run(std::move(job)));
  std::vector<SpontaneousCase> out;
  for (const auto& hit : hits) {
    auto found = co_await quarantine(hit.record, hit.field, "NIR", by);
    if (!found && found.error().code == Errc::conflict) continue;  // the same words as of a case before
    if (!found) co_return std::unexpected(std::move(found).error());
    out.push_back(*std::move(found));
  }
  co_return out;
}

}  // namespace pontlevis::gateway
