// Answers that are not JSON, and what routes read of the query. The loop's thread.
#pragma once

#include "gateway/api/api_call.hpp"
#include "gateway/registers/common/two.hpp"

namespace pontlevis::gateway {

// As an attachment under `name`; its type by its ending (html, json, csv, txt). Pages may run and load nothing.
io::HttpResponse file_answer(std::string content, const std::string& name);
// The same, to be shown in place.
io::HttpResponse shown_answer(std::string content, std::string_view ending);

// ?language=fr|en, French when it is not said; ?name=true|false, false when it is not said.
Result<Tongue> tongue_asked(const io::HttpRequest& request);
Result<bool> flag_asked(const io::HttpRequest& request, std::string_view name);
// The header pontlevis-purpose: one of a few words, then at most 60 characters (requirements B12).
Result<> purpose_asked(const io::HttpRequest& request);

}  // namespace pontlevis::gateway
