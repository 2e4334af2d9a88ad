#include "gateway/retention/destructions_list.hpp"

#include "audit/destruction.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view format = "pontlevis-destructions-1";
constexpr std::size_t most = 20'000;

}  // namespace

json::object destructions_json(const audit::Log& log, std::vector<json::object> destructions) {
  json::array list;
  for (auto& fields : destructions) {
    fields.erase("operator"), fields.erase("verified_by");
    list.push_back(std::move(fields));
  }
  return {{"format", format}, {"origin", log.verifier().name()}, {"log_size", log.size()}, {"destructions", std::move(list)}};
}

Result<json::object> list_destructions(const audit::Log& log) {
  PL_TRY(lines, audit::certificates(log, {}, most));
  std::vector<json::object> found;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    PL_TRY(whole, audit::certificate(log, line->index));
    found.push_back(std::move(whole.fields));
  }
  return destructions_json(log, std::move(found));
}

Result<DestructionsList> read_destructions(std::string_view text, const std::string& where) {
  PL_TRY(object, parse_object(text, max_destructions_bytes, where, JsonForm::any));
  StrictObject in(object, where);
  DestructionsList out;
  if (in.text("format", 1, 64) != format) in.blame("format", "is not " + std::string(format));
  out.origin = in.text("origin", 1, 300);
  out.log_size = static_cast<std::uint64_t>(in.integer("log_size", 0, INT64_MAX));
  const auto& list = in.array("destructions", 0, most);
  PL_CHECK(in.finish());
  for (const auto& one : list) {
    const auto place = where + ", destruction " + std::to_string(out.destructions.size() + 1);
    if (!one.is_object()) return fail(Errc::bad_input, "is no object", place);
    if (auto claim = audit::read_claim(one.get_object()); !claim) return fail(Errc::bad_input, claim.error().what, place);
    out.destructions.push_back(one.get_object());
  }
  return out;
}

}  // namespace pontlevis::gateway
