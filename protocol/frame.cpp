#include "protocol/frame.hpp"

#include <algorithm>

#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis {
namespace {

using namespace frame;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

json::object frame_json(FrameKind kind, json::object body) {
  json::object out{{"kind", word(kind)}};
  for (auto& member : body) out.emplace(member.key(), std::move(member.value()));
  return out;
}

json::object hello_json(const Hello& f) {
  json::array systems, live;
  for (const auto& s : f.systems)
    systems.push_back(json::object{{"id", s.id.text()}, {"label", s.label}, {"hosting", s.hosting}, {"tools", texts_json(s.tools)}});
  for (const auto& id : f.live) live.emplace_back(id.text());
  return frame_json(FrameKind::hello, json::object{{"protocol", f.protocol}, {"version", f.version}, {"practice", f.practice.text()},
                                       {"systems", systems}, {"host_keys", texts_json(f.host_keys)}, {"live", live},
                                       {"log", f.log}, {"checkpoint", f.checkpoint}});
}

json::object fact_check_json(const FactCheck& f) {
  json::array indexes;
  for (const auto index : f.indexes) indexes.emplace_back(index);
  return frame_json(FrameKind::fact_check, json::object{{"indexes", std::move(indexes)}});
}

json::object fact_proof_json(const FactProof& f) {
  json::array proofs;
  for (const auto& one : f.proofs) proofs.push_back(json::object{{"record", texts_json(one.record)}, {"tlog_proof", one.tlog_proof}});
  return frame_json(FrameKind::fact_proof, json::object{{"proofs", std::move(proofs)}});
}

json::object to_object(const Frame& frame) {
  return std::visit(
      Overload{
          [](const Hello& f) { return hello_json(f); },
          [](const Welcome& f) {
            return frame_json(FrameKind::welcome, json::object{{"protocol", f.protocol}, {"gateway_time", to_utc(f.gateway_time)},
                                                   {"revocations", texts_json(f.revocations)}});
          },
          [](const Revocation& f) { return frame_json(FrameKind::revocation, json::object{{"note", f.note}}); },
          [](const Recorded& f) {
            return frame_json(FrameKind::recorded, json::object{{"statement_sha256", f.statement_sha256}, {"index", f.index}});
          },
          [](const Cosignature& f) { return frame_json(FrameKind::cosignature, json::object{{"status", f.status}, {"body", f.body}}); },
          [](const Drain& f) { return frame_json(FrameKind::drain, json::object{{"reason", f.reason}}); },
          [](const Refused& f) { return frame_json(FrameKind::refused, json::object{{"what", f.what}, {"hint", f.hint}}); },
          [](const Request& f) { return frame_json(FrameKind::access_request, json::object{{"request", to_json(f.request)}}); },
          [](const RequestCancelled& f) {
            return frame_json(FrameKind::request_cancelled, json::object{{"intervention", f.intervention.text()}, {"by", f.by.text()}});
          },
          [](const Fact& f) { return frame_json(f.kind, json::object{{"intervention", f.intervention.text()}, {"note", f.note}}); },
          [](const Proof& f) {
            return frame_json(FrameKind::proof, json::object{{"intervention", f.intervention.text()}, {"disclosures", texts_json(f.disclosures)},
                                                 {"tlog_proof", f.tlog_proof}, {"add_checkpoint", f.add_checkpoint}});
          },
          [](const RelayWanted& f) {
            return frame_json(FrameKind::relay_wanted, json::object{{"intervention", f.intervention.text()}, {"relay", f.relay}, {"login", f.login.text()}});
          },
          [](const RelayRefused& f) {
            return frame_json(FrameKind::relay_refused, json::object{{"intervention", f.intervention.text()}, {"relay", f.relay}, {"why", f.why}});
          },
          [](const Finish& f) {
            return frame_json(FrameKind::finish, json::object{{"intervention", f.intervention.text()}, {"by", f.by.text()}});
          },
          [](const Handover& f) {
            return frame_json(FrameKind::handover, json::object{{"intervention", f.intervention.text()}, {"by", f.by.text()}, {"to", f.to.text()}});
          },
          [](const ReportGiven& f) { return frame_json(FrameKind::report, json::object{{"report", to_json(f.report)}}); },
          [](const frame::Checkpoint& f) { return frame_json(FrameKind::checkpoint, json::object{{"add_checkpoint", f.add_checkpoint}}); },
          [](const FactCheck& f) { return fact_check_json(f); },
          [](const FactProof& f) { return fact_proof_json(f); },
          [](const Alarm& f) {
            return frame_json(FrameKind::alarm, json::object{{"cause", f.cause}, {"size", f.size}, {"known", f.known}, {"conflicting", f.conflicting}});
          },
          [](const LogSuccessor& f) { return frame_json(FrameKind::log_successor, json::object{{"note", f.note}}); },
      },
      frame);
}

constexpr auto many = StrictObject::Lines::many;
constexpr std::size_t max_note_bytes = 16 * 1024;  // of a checkpoint

std::vector<std::string> notes(StrictObject& in, std::string_view name, std::size_t max_count) {
  std::vector<std::string> out;
  for (const auto& value : in.array(name, 0, max_count)) {
    const bool good = value.is_string() && value.get_string().size() <= max_statement_bytes;
    if (!good) return in.blame(name, "holds an item that is not a note"), out;
    out.emplace_back(value.get_string());
  }
  return out;
}

std::string hex(StrictObject& in, std::string_view name, std::size_t size) {
  auto text = in.text(name, size, size);
  if (!from_hex(text)) in.blame(name, "is not lower-case hexadecimal");
  return text;
}

Result<Frame> read_hello(StrictObject& in) {
  const auto protocol = in.integer("protocol", 1, 1000);
  auto version = in.text("version", 1, 40);
  auto practice = in.id<PracticeId>("practice");
  std::vector<OfferedSystem> systems;
  for (const auto& value : in.array("systems", 0, 64)) {
    StrictObject s(value, in.where() + ", system");
    auto id = s.id<SystemId>("id");
    auto label = s.text("label", 1, 100);
    static constexpr std::array<std::string_view, 2> hosting{"LOCAL", "HDS"};
    const auto at = s.choice("hosting", hosting);
    auto tools = s.texts("tools", 0, 16, 72);
    PL_CHECK(s.finish());
    systems.push_back({*std::move(id), std::move(label), std::string(hosting[at]), std::move(tools)});
  }
  auto keys = in.texts("host_keys", 1, 4, 1000);
  std::vector<InterventionId> live;
  for (const auto& text : in.texts("live", 0, 256, 36)) {
    PL_TRY(id, InterventionId::parse(text));
    live.push_back(std::move(id));
  }
  auto log = in.text("log", 0, 400);
  auto checkpoint = in.text("checkpoint", 0, max_note_bytes, many);
  PL_CHECK(in.finish());
  return Hello{static_cast<int>(protocol), std::move(version), *std::move(practice), std::move(systems), std::move(keys), std::move(live),
               std::move(log), std::move(checkpoint)};
}

Result<Frame> read_welcome(StrictObject& in) {
  const auto protocol = in.integer("protocol", 1, 1000);
  const auto time = in.time("gateway_time");
  auto revocations = notes(in, "revocations", 1024);
  PL_CHECK(in.finish());
  return Welcome{static_cast<int>(protocol), time, std::move(revocations)};
}

Result<Frame> read_fact_check(StrictObject& in) {
  FactCheck out;
  for (const auto& value : in.array("indexes", 1, max_facts_checked)) {
    const bool number = value.is_int64() && value.get_int64() >= 0;
    if (!number || (!out.indexes.empty() && out.indexes.back() >= static_cast<std::uint64_t>(value.get_int64()))) {
      in.blame("indexes", "are not ascending numbers");
      break;
    }
    out.indexes.push_back(static_cast<std::uint64_t>(value.get_int64()));
  }
  PL_CHECK(in.finish());
  return out;
}

Result<Frame> read_fact_proof(StrictObject& in) {
  FactProof out;
  for (const auto& value : in.array("proofs", 0, max_facts_checked)) {
    StrictObject one(value, in.where() + ", proof");
    auto record = one.texts("record", 1, 128, 2048);
    auto proof = one.text("tlog_proof", 1, max_note_bytes, many);
    PL_CHECK(one.finish());
    out.proofs.push_back({std::move(record), std::move(proof)});
  }
  PL_CHECK(in.finish());
  return out;
}

Result<Frame> read_alarm(StrictObject& in) {
  const auto cause = in.choice("cause", alarm_causes);
  const auto size = static_cast<std::uint64_t>(in.integer("size", 0, INT64_MAX));
  auto known = in.text("known", 0, max_note_bytes, many);
  auto conflicting = in.text("conflicting", 0, max_note_bytes, many);
  PL_CHECK(in.finish());
  return Alarm{std::string(alarm_causes[cause]), size, std::move(known), std::move(conflicting)};
}

Result<Frame> read_link_frame(FrameKind kind, StrictObject& in) {
  if (kind == FrameKind::hello) return read_hello(in);
  if (kind == FrameKind::welcome) return read_welcome(in);
  if (kind == FrameKind::fact_check) return read_fact_check(in);
  if (kind == FrameKind::fact_proof) return read_fact_proof(in);
  if (kind == FrameKind::alarm) return read_alarm(in);
  Frame out = Drain{};
  if (kind == FrameKind::revocation) out = Revocation{in.text("note", 1, max_statement_bytes, many)};
  if (kind == FrameKind::checkpoint) out = frame::Checkpoint{in.text("add_checkpoint", 1, max_note_bytes, many)};
  if (kind == FrameKind::log_successor) out = LogSuccessor{in.text("note", 1, max_statement_bytes, many)};
  if (kind == FrameKind::drain) out = Drain{in.text("reason", 0, 200)};
  if (kind == FrameKind::recorded) {
    auto sha = hex(in, "statement_sha256", 64);
    out = Recorded{std::move(sha), static_cast<std::uint64_t>(in.integer("index", 0, INT64_MAX))};
  }
  if (kind == FrameKind::cosignature) {
    const auto status = static_cast<int>(in.integer("status", 200, 599));
    out = Cosignature{status, in.text("body", 0, 4096, many)};
  }
  if (kind == FrameKind::refused) {
    auto what = in.text("what", 1, 500, many);
    out = Refused{std::move(what), in.text("hint", 0, 500, many)};
  }
  PL_CHECK(in.finish());
  return out;
}

Result<Frame> read_proof(StrictObject& in, InterventionId id) {
  auto disclosures = in.texts("disclosures", 1, 128, max_statement_bytes * 2);
  auto proof = in.text("tlog_proof", 1, 16384, many);
  auto add = in.text("add_checkpoint", 1, 16384, many);
  PL_CHECK(in.finish());
  return Proof{std::move(id), std::move(disclosures), std::move(proof), std::move(add)};
}

Result<Frame> read_relay(FrameKind kind, StrictObject& in, InterventionId id) {
  auto relay = hex(in, "relay", 32);
  if (kind == FrameKind::relay_refused) {
    auto why = in.text("why", 1, 300, many);
    PL_CHECK(in.finish());
    return RelayRefused{std::move(id), std::move(relay), std::move(why)};
  }
  auto login = in.id<Login>("login");
  PL_CHECK(in.finish());
  return RelayWanted{std::move(id), std::move(relay), *std::move(login)};
}

Result<Frame> read_by(FrameKind kind, StrictObject& in, InterventionId id) {
  auto by = in.id<Login>("by");
  if (kind == FrameKind::handover) {
    auto to = in.id<Login>("to");
    PL_CHECK(in.finish());
    return Handover{std::move(id), *std::move(by), *std::move(to)};
  }
  PL_CHECK(in.finish());
  if (kind == FrameKind::finish) return Finish{std::move(id), *std::move(by)};
  return RequestCancelled{std::move(id), *std::move(by)};
}

Result<Frame> read_intervention_frame(FrameKind kind, StrictObject& in) {
  if (kind == FrameKind::access_request) {
    PL_TRY(request, access_request_from(in.object("request"), "frame access_request, request"));
    PL_CHECK(in.finish());
    return Request{std::move(request)};
  }
  if (kind == FrameKind::report) {
    PL_TRY(report, report_from(in.object("report"), "frame report, report"));
    PL_CHECK(in.finish());
    return ReportGiven{std::move(report)};
  }
  auto id = in.id<InterventionId>("intervention");
  if (!id) return std::unexpected(in.finish().error());
  if (kind == FrameKind::proof) return read_proof(in, *std::move(id));
  if (kind == FrameKind::relay_wanted || kind == FrameKind::relay_refused) return read_relay(kind, in, *std::move(id));
  if (kind == FrameKind::finish || kind == FrameKind::request_cancelled || kind == FrameKind::handover) return read_by(kind, in, *std::move(id));
  auto note = in.text("note", 1, max_statement_bytes, many);
  PL_CHECK(in.finish());
  return Fact{kind, *std::move(id), std::move(note)};
}

Result<Frame> decode(std::string_view bytes) {
  PL_TRY(object, parse_object(bytes, max_frame_bytes, "frame"));
  StrictObject reader(object, "frame");
  const auto at = reader.choice("kind", Spelling<FrameKind>::words);
  const auto* name = object.if_contains("kind");
  if (!name || !name->is_string() || Spelling<FrameKind>::words[at] != std::string_view(name->get_string()))
    return fail(Errc::bad_frame, "is of an unknown kind", "frame");
  StrictObject in(object, "frame " + std::string(Spelling<FrameKind>::words[at]));
  static_cast<void>(in.text("kind", 1, 40));
  const auto kind = static_cast<FrameKind>(at);
  return is_about_the_link(kind) ? read_link_frame(kind, in) : read_intervention_frame(kind, in);
}

}  // namespace

FrameKind kind_of(const Frame& frame) {
  if (const auto* fact = std::get_if<Fact>(&frame)) return fact->kind;
  static constexpr FrameKind kinds[] = {
      FrameKind::hello, FrameKind::welcome, FrameKind::revocation, FrameKind::recorded, FrameKind::cosignature,
      FrameKind::drain, FrameKind::refused, FrameKind::access_request, FrameKind::request_cancelled, FrameKind::consent,
      FrameKind::proof, FrameKind::relay_wanted, FrameKind::relay_refused, FrameKind::finish, FrameKind::handover,
      FrameKind::report, FrameKind::checkpoint, FrameKind::fact_check, FrameKind::fact_proof, FrameKind::alarm,
      FrameKind::log_successor};
  static_assert(std::size(kinds) == std::variant_size_v<Frame>);
  return kinds[frame.index()];
}

std::optional<InterventionId> intervention_of(const Frame& frame) {
  return std::visit(
      [](const auto& f) -> std::optional<InterventionId> {
        if constexpr (requires { f.intervention; }) return f.intervention;
        else if constexpr (requires { f.request.intervention; }) return f.request.intervention;
        else if constexpr (requires { f.report.intervention; }) return f.report.intervention;
        else return std::nullopt;
      },
      frame);
}

std::string encode(const Frame& frame) { return json::serialize(to_object(frame)); }

Result<Frame> decode_frame(std::string_view bytes) {
  auto frame = decode(bytes);
  if (!frame) frame.error().code = Errc::bad_frame;
  return frame;
}

namespace {
// Facts with a frame of their own; every other is an event.
constexpr FrameKind fact_kinds[] = {FrameKind::acceptance, FrameKind::consent, FrameKind::refusal, FrameKind::lapse, FrameKind::not_asked,
                                    FrameKind::session_open, FrameKind::session_end, FrameKind::report_received};
}  // namespace

bool statement_fits(FrameKind kind, std::string_view type) {
  if (kind == FrameKind::event)
    return type == "connection" || type == "transfer" || type == "forward" || type == "attempt" ||
           type == "withdrawal" || type == "pause" || type == "password" || type == "recording" || type == "comment" ||
           type == "typist" || type == "handover";
  return std::find(std::begin(fact_kinds), std::end(fact_kinds), kind) != std::end(fact_kinds) && type == word(kind);
}

FrameKind fact_kind(std::string_view type) {
  for (const auto kind : fact_kinds)
    if (word(kind) == type) return kind;
  return FrameKind::event;
}

}  // namespace pontlevis
