#include "gateway/outward/crm_answer.hpp"

#include <algorithm>

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

bool is_crm_ref(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("._:/#-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= most_crm_ref_bytes && std::all_of(text.begin(), text.end(), good);
}

std::optional<std::string> read_crm_ref(std::string_view body) {
  const auto object = parse_object(body, most_crm_answer_bytes, "CRM", JsonForm::any);
  if (!object) return std::nullopt;
  auto reference = text_of(*object, "crm_ref");
  return is_crm_ref(reference) ? std::optional(std::move(reference)) : std::nullopt;
}

std::optional<Millis> read_retry_after(std::string_view header) {
  const auto seconds = parse_decimal(header, 1'000'000);
  if (!seconds) return std::nullopt;
  return std::min<Millis>(std::chrono::seconds(*seconds), std::chrono::hours(1));
}

Verdict verdict_of(unsigned status, bool deletion) {
  if (status / 100 == 2) return Verdict::taken;
  if (status == 410 && deletion) return Verdict::taken;
  for (unsigned no : {400u, 409u, 410u, 413u, 415u, 422u})
    if (status == no) return Verdict::refused;
  return Verdict::later;
}

}  // namespace pontlevis::gateway
