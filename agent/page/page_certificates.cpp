// What the practice's memory has forgotten on its day, and the certificates of it (docs/page.md §7; requirements B20).
#include "agent/page/page.hpp"
#include "audit/destruction_text.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {

constexpr std::size_t page_lines = 50, most_lines = 10'000;

json::object line_of(const audit::CertificateLine& line) {
  return {{"id", line.id}, {"index", line.index}, {"state", line.state}, {"reason", line.reason}, {"at", line.performed_at}, {"items", line.fields},
          {"intervention", or_null(line.intervention)}, {"completes", line.completes.empty() ? json::value(nullptr) : json::value(line.completes)}};
}

}  // namespace

Page::Answer Page::certificates(PageCall call) {
  const auto offset = parse_decimal(call.request.parameter("offset").value_or("0"), most_lines);
  if (!offset) co_return refusal(PageFault::bad_input, "this page of the list cannot be read", "?offset=0");
  auto lines = audit::certificates(parts_.journal.log(), {}, most_lines);
  if (!lines) co_return refusal(PageFault::internal, lines.error());
  json::array out;
  for (std::size_t i = *offset; i < lines->size() && out.size() < page_lines; ++i) out.push_back(line_of((*lines)[i]));
  co_return answer({{"total", lines->size()}, {"certificates", std::move(out)}});
}

Page::Answer Page::certificate(PageCall call) {
  const auto language = call.request.parameter("language").value_or("fr");
  if (language != "fr" && language != "en") co_return refusal(PageFault::bad_input, "this language is not there", "?language=fr or en");
  const auto made = audit::certificate(parts_.journal.log(), call.request.id);
  if (!made) co_return refusal(made.error().code == Errc::not_found ? PageFault::not_found : PageFault::internal, made.error());
  auto out = audit::certificate_json(*made, parts_.journal.log().verifier());
  out["text"] = audit::certificate_text(*made, language == "fr" ? audit::Language::french : audit::Language::english);
  co_return answer(std::move(out));
}

}  // namespace pontlevis::agent
