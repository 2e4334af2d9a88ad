#include "gateway/review/views.hpp"

#include <algorithm>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view purposes[] = {"CONTROL", "INCIDENT", "RIGHTS_REQUEST", "AUTHORITY", "CONTRACT", "TRAINING"};
constexpr std::size_t longest_reference = 60;
constexpr Millis one_view{std::chrono::minutes(5)};
constexpr std::size_t most_kept = 10'000;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::unexpected<Error> not_said(std::string what) {
  return fail(Errc::bad_input, std::move(what), "pontlevis-purpose", "CONTROL, INCIDENT, RIGHTS_REQUEST, AUTHORITY, CONTRACT or TRAINING, and a reference after a blank");
}

}  // namespace

Result<ReadFor> read_for(const io::HttpRequest& request) {
  const auto header = request.header("pontlevis-purpose");
  if (header.empty()) return not_said("say what these records are read for");
  const auto blank = std::min(header.find(' '), header.size());
  ReadFor out{std::string(header.substr(0, blank)), std::string(header.substr(std::min(blank + 1, header.size())))};
  if (std::find(std::begin(purposes), std::end(purposes), out.purpose) == std::end(purposes)) return not_said("is no purpose for which records may be read");
  if (!is_utf8(out.reference) || has_control(out.reference) || characters(out.reference) > longest_reference) return not_said("the reference has more than 60 characters, or control characters");
  return out;
}

io::HttpResponse purpose_missing(const Error& error) { return api_problem(400, "purpose_missing", error); }

void Views::forget_old(Millis now) {
  std::erase_if(seen_, [&](const auto& one) { return now - one.second >= one_view; });
  if (seen_.size() >= most_kept) seen_.clear();  // then they are recorded once more
}

Awaitable<Result<>> Views::record(Person person, ReadFor read, View view) {
  const auto now = core_.clock.since_boot();
  forget_old(now);
  std::string key;
  for (const auto& part : {person.login.text(), read.purpose, read.reference, view.view, view.filter, view.intervention ? view.intervention->text() : std::string()}) key += part + '\n';
  if (seen_.contains(key)) co_return Result<>();
  json::object fields{{"viewed_by", person.login.text()}, {"role", word(person.role)}, {"purpose", read.purpose}, {"view", view.view}};
  if (!read.reference.empty()) fields["reference"] = read.reference;
  if (!view.filter.empty()) fields["filter"] = view.filter;
  if (view.intervention) fields["intervention"] = view.intervention->text();
  if (view.found) fields["found"] = *view.found;
  auto recorded = co_await core_.append(audit::Record::make("viewed", fields));
  if (!recorded) co_return std::unexpected(recorded.error());
  seen_[key] = now;
  co_return Result<>();
}

}  // namespace pontlevis::gateway
