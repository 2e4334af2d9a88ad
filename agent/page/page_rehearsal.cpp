// « Essayer » (docs/page.md §9; PGSSI-S 6.1.1.5): the same views over a sample, with the real end.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "agent/page/page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
constexpr std::array<std::string_view, 7> acts{"begin", "approve", "refuse", "pause", "resume", "stop", "leave"};

json::array samples_json(const std::vector<Rehearsal::SamplePassword>& samples) {
  json::array out;
  for (const auto& s : samples)
    out.push_back(json::object{{"login", s.login}, {"name", s.name}, {"password", s.password}, {"unused_after", to_utc(s.unused_after)}});
  return out;
}
}  // namespace

Page::Answer Page::rehearse(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "rehearsal");
  const auto what = acts[in.choice("act", acts)];
  const std::string language = in.has("language") ? in.text("language", 2, 2) : std::string(language_tag(parts_.language));
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  auto& rehearsal = parts_.rehearsal;
  const auto& person = call.session->person.login;
  if (what != "begin" && rehearsal.person() != person) co_return refusal(PageFault::rehearsal_busy, "this rehearsal is over");
  if (what == "begin" && parts_.bridge.down()) co_return refusal(PageFault::rehearsal_busy, "a real session is open now", "rehearse when it has ended");
  Result<> done;
  json::object out;
  if (what == "begin") done = rehearsal.begin(person, language == "en" ? "en" : "fr");
  if (what == "refuse") done = rehearsal.refuse();
  if (what == "pause") done = rehearsal.pause();
  if (what == "resume") done = rehearsal.resume();
  if (what == "approve") {
    const auto samples = rehearsal.approve(rehearsal_view_.open_stream("shell", "exemple", 80, 24));
    if (samples) out.emplace("passwords", samples_json(*samples));
    else done = std::unexpected(samples.error());
  }
  if (what == "stop") {
    const auto cut = co_await rehearsal.stop();
    if (cut) out.emplace("cut_ms", cut->count());
    else done = std::unexpected(cut.error());
  }
  if (what == "leave") co_await rehearsal.leave();
  announce();
  if (!done) co_return refusal(done.error().code == Errc::conflict ? PageFault::rehearsal_busy : fault_of(done.error()), done.error());
  co_return answer(std::move(out));
}

}  // namespace pontlevis::agent
