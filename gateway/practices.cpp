#include "gateway/practices.hpp"

#include "gateway/store.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

std::string print_systems(const std::vector<frame::OfferedSystem>& systems) {
  json::array out;
  for (const auto& s : systems)
    out.push_back(json::object{{"id", s.id.text()}, {"label", s.label}, {"hosting", s.hosting}, {"tools", texts_json(s.tools)}});
  return json::serialize(out);
}

Result<std::vector<frame::OfferedSystem>> read_systems(const std::string& text) {
  std::vector<frame::OfferedSystem> out;
  if (text.empty()) return out;
  PL_TRY(wrapped, parse_object("{\"systems\":" + text + "}", 1 << 20, "store, systems"));
  StrictObject in(wrapped, "store, systems");
  for (const auto& value : in.array("systems", 0, 64)) {
    StrictObject s(value, "store, system");
    auto id = s.id<SystemId>("id");
    frame::OfferedSystem read{.id = *std::move(id), .label = s.text("label", 1, 100), .hosting = s.text("hosting", 1, 8),
                              .tools = s.texts("tools", 0, 16, 72)};
    PL_CHECK(s.finish());
    out.push_back(std::move(read));
  }
  PL_CHECK(in.finish());
  return out;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end == text.npos ? text.size() : end + 1;
  }
  return out;
}

}  // namespace

const frame::OfferedSystem* Practice::system(const SystemId& system_id) const {
  for (const auto& s : systems)
    if (s.id == system_id) return &s;
  return nullptr;
}

Result<> Practices::read_row(const sqlite::Rows& row) {
  PL_TRY(id, PracticeId::parse(row.text(0)));
  PL_TRY(systems, read_systems(row.optional_text(9).value_or("")));
  Contract contract{row.text(2), read_time(row.integer(3)), read_time(row.integer(4))};
  Practice practice{id, row.text(1), std::move(contract), row.text(5), std::nullopt,
                    split_lines(row.optional_text(8).value_or("")), std::move(systems)};
  if (!row.is_null(6)) {
    PL_TRY(practice_key, NoteVerifier::parse(row.text(6)));
    PL_TRY(witness_key, NoteVerifier::parse(row.text(7)));
    practice.enrolment = Enrolment{std::move(practice_key), std::move(witness_key), read_time(row.integer(10))};
  }
  practices_.emplace(std::move(id), std::move(practice));
  return {};
}

Result<Practices> Practices::load(sqlite::Database& db) {
  Practices out(db);
  PL_TRY(rows, db.query("SELECT id, name, contract, valid_from, valid_until, hosting, practice_vkey, witness_vkey, "
                        "host_keys, systems, enrolled_at FROM practices"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_CHECK(out.read_row(rows));
  }
}

const Practice* Practices::find(const PracticeId& id) const {
  const auto at = practices_.find(id);
  return at == practices_.end() ? nullptr : &at->second;
}

Result<> Practices::add(Practice p) {
  if (find(p.id)) return fail(Errc::conflict, "exists already", "practice " + p.id.text());
  PL_CHECK(db_->run("INSERT INTO practices(id, name, contract, valid_from, valid_until, hosting) VALUES(?,?,?,?,?,?)",
                    p.id.text(), p.name, p.contract.reference, stored(p.contract.valid_from),
                    stored(p.contract.valid_until), p.hosting));
  auto id = p.id;
  practices_.emplace(std::move(id), std::move(p));
  return {};
}

Result<> Practices::set_contract(const PracticeId& id, Contract contract) {
  PL_CHECK(db_->run("UPDATE practices SET contract=?, valid_from=?, valid_until=? WHERE id=?", contract.reference,
                    stored(contract.valid_from), stored(contract.valid_until), id.text()));
  practices_.at(id).contract = std::move(contract);
  return {};
}

Result<> Practices::enrol(const PracticeId& id, Enrolment enrolment, std::vector<std::string> host_keys) {
  PL_CHECK(db_->run("UPDATE practices SET practice_vkey=?, witness_vkey=?, host_keys=?, enrolled_at=? WHERE id=?",
                    enrolment.practice_key.text(), enrolment.witness_key.text(), join_lines(host_keys),
                    stored(enrolment.at), id.text()));
  auto& practice = practices_.at(id);
  practice.enrolment = std::move(enrolment);
  practice.host_keys = std::move(host_keys);
  return {};
}

Result<> Practices::offer(const PracticeId& id, std::vector<frame::OfferedSystem> systems,
                          std::vector<std::string> host_keys) {
  PL_CHECK(db_->run("UPDATE practices SET systems=?, host_keys=? WHERE id=?", print_systems(systems),
                    join_lines(host_keys), id.text()));
  auto& practice = practices_.at(id);
  practice.systems = std::move(systems);
  practice.host_keys = std::move(host_keys);
  return {};
}

Result<> Practices::forget(const PracticeId& id) {
  PL_CHECK(db_->run("UPDATE practices SET name=id, practice_vkey=NULL, witness_vkey=NULL, host_keys=NULL, systems=NULL, enrolled_at=NULL WHERE id=?", id.text()));
  PL_CHECK(db_->run("DELETE FROM codes WHERE practice=?", id.text()));
  auto& practice = practices_.at(id);
  practice.name = id.text();
  practice.enrolment.reset();
  practice.host_keys.clear();
  practice.systems.clear();
  return {};
}

}  // namespace pontlevis::gateway
