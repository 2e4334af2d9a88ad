#include "gateway/retention/kept_words.hpp"

#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {

Result<> KeptWords::make_table() {
  return store_->script("CREATE TABLE IF NOT EXISTS retention_state(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;");
}

Result<> KeptWords::keep(const std::string& name, const json::object& value) {
  return store_->run("INSERT OR REPLACE INTO retention_state(name, value) VALUES(?,?)", name, json::serialize(value));
}

json::object KeptWords::find(const std::string& name) const {
  const auto text = store_->text("SELECT value FROM retention_state WHERE name=?", name);
  if (!text || !*text) return {};
  return parse_object(**text, 1 << 20, "store, retention").value_or(json::object());
}

}  // namespace pontlevis::gateway
