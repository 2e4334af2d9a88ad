#include "gateway/vendor_register.hpp"

#include "gateway/store.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view settings_name = "vendor";
constexpr std::size_t max_settings = 64 * 1024;

Result<Settings> settings_from(const std::string& text) {
  PL_TRY(object, parse_object(text, max_settings, "store, settings"));
  StrictObject in(object, "store, settings");
  Settings out{in.text("dpo_contact", 0, 300), in.text("vendor_address", 0, 500), in.texts("recipients", 0, 32, 200), in.text("notice_version", 0, 40)};
  PL_CHECK(in.finish());
  return out;
}

}  // namespace

boost::json::object settings_json(const Settings& s) {
  return {{"dpo_contact", s.dpo_contact}, {"vendor_address", s.vendor_address}, {"recipients", texts_json(s.recipients)}, {"notice_version", s.notice_version}};
}

Result<VendorRegister> VendorRegister::load(sqlite::Database& db, Settings first) {
  VendorRegister out(db);
  out.settings_ = std::move(first);
  PL_CHECK(out.read_subprocessors());
  PL_CHECK(out.read_trainings());
  PL_CHECK(out.read_settings());
  return out;
}

Result<> VendorRegister::read_subprocessors() {
  PL_TRY(rows, db_->query("SELECT id, name, country, guarantee, task, state, since FROM subprocessors"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    const auto& words = Spelling<Authorisation>::words;
    const auto at = std::find(words.begin(), words.end(), rows.text(5));
    if (at == words.end()) return fail(Errc::bad_input, "names no state", "store, subprocessors");
    Subprocessor one{rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), static_cast<Authorisation>(at - words.begin()), read_time(rows.integer(6))};
    subprocessors_.emplace(rows.text(0), std::move(one));
  }
}

Result<> VendorRegister::read_trainings() {
  PL_TRY(rows, db_->query("SELECT login, trained_on FROM trainings"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    PL_TRY(login, Login::parse(rows.text(0)));
    trainings_.emplace(std::move(login), read_time(rows.integer(1)));
  }
}

Result<> VendorRegister::read_settings() {
  PL_TRY(text, db_->text("SELECT value FROM settings WHERE name=?", settings_name));
  if (!text) return {};
  PL_TRY(kept, settings_from(*text));
  settings_ = std::move(kept);
  return {};
}

bool VendorRegister::authorised(const std::string& id) const {
  const auto at = subprocessors_.find(id);
  return at != subprocessors_.end() && at->second.state == Authorisation::authorised;
}

Result<> VendorRegister::put(Subprocessor s) {
  PL_CHECK(db_->run("INSERT OR REPLACE INTO subprocessors(id, name, country, guarantee, task, state, since) VALUES(?,?,?,?,?,?,?)",
                    s.id, s.name, s.country, s.guarantee, s.task, word(s.state), stored(s.since)));
  auto id = s.id;
  subprocessors_.insert_or_assign(std::move(id), std::move(s));
  return {};
}

std::optional<Time> VendorRegister::trained_on(const Login& login) const {
  const auto at = trainings_.find(login);
  return at == trainings_.end() ? std::nullopt : std::optional(at->second);
}

Result<> VendorRegister::trained(const Login& login, Time day) {
  PL_CHECK(db_->run("INSERT OR REPLACE INTO trainings(login, trained_on) VALUES(?,?)", login.text(), stored(day)));
  trainings_.insert_or_assign(login, day);
  return {};
}

Result<> VendorRegister::forget_training(const Login& login) {
  PL_CHECK(db_->run("DELETE FROM trainings WHERE login=?", login.text()));
  trainings_.erase(login);
  return {};
}

Result<> VendorRegister::put(Settings settings) {
  PL_CHECK(db_->run("INSERT OR REPLACE INTO settings(name, value) VALUES(?,?)", settings_name, json::serialize(settings_json(settings))));
  settings_ = std::move(settings);
  return {};
}

}  // namespace pontlevis::gateway
