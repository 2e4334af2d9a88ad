#include "gateway/intervention.hpp"

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

template <class Enum>
Enum read_word(StrictObject& in, std::string_view name) {
  return static_cast<Enum>(in.choice(name, Spelling<Enum>::words));
}

json::value or_null(const std::optional<json::object>& object) {
  return object ? json::value(*object) : json::value(nullptr);
}

std::optional<json::object> optional_object(StrictObject& in, std::string_view name) {
  if (in.is_null(name)) return std::nullopt;
  return in.object(name);
}

constexpr std::size_t max_view = 1 << 20;

}  // namespace

std::optional<std::int64_t> number_of(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  boost::system::error_code ec;
  if (!value || !value->is_number() || value->is_double()) return std::nullopt;
  const auto number = value->to_number<std::int64_t>(ec);
  return ec ? std::nullopt : std::optional(number);
}

std::vector<std::string> texts_of(const json::object& body, std::string_view name) {
  std::vector<std::string> out;
  const auto* value = body.if_contains(name);
  if (!value || !value->is_array()) return out;
  for (const auto& item : value->get_array())
    if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

bool Intervention::names(const Login& login) const {
  return std::any_of(request.operators.begin(), request.operators.end(),
                     [&](const auto& op) { return op.login == login; });
}

bool Intervention::may_take_over(const Login& login) const {
  return std::any_of(request.operators.begin(), request.operators.end(), [&](const auto& op) { return op.login == login && acts(op); });
}

bool Intervention::connected_operator(const Login& login) const {
  if (!consent)
    return std::any_of(request.operators.begin(), request.operators.end(), [&](const auto& op) {
      return op.login == login && op.mode == OperatorMode::connected;
    });
  const auto* operators = consent->if_contains("operators");
  if (!operators || !operators->is_array()) return false;
  for (const auto& op : operators->get_array())
    if (op.is_object() && text_of(op.get_object(), "login") == login.text() &&
        text_of(op.get_object(), "mode") == word(OperatorMode::connected))
      return true;
  return false;
}

namespace {

void apply_event(Intervention& iv, const TakenFact& fact) {
  if (fact.type == "handover")
    if (auto to = Login::parse(text_of(fact.body, "to")); to && iv.may_take_over(*to)) iv.handed_to = *std::move(to);
  if (fact.type != "pause" || iv.phase != Phase::open || text_of(fact.body, "why") == "TOOL") return;
  iv.state = text_of(fact.body, "what") == "PAUSED" ? State::paused : State::open;
}

void apply_end(Intervention& iv, const TakenFact& fact) {
  iv.session_end = fact.body;
  iv.state = State::ended;
}

void apply_no(Intervention& iv, const TakenFact& fact, State state) {
  iv.state = state;
  iv.why = text_of(fact.body, "why");
}

}  // namespace

void apply(Intervention& iv, const TakenFact& fact) {
  switch (fact.kind) {
    case FrameKind::consent:
      iv.consent_index = fact.index;        // the one that is to be proved next
      if (iv.phase == Phase::open) {  // an extension: what was agreed to first stays what it was
        iv.extended_minutes += number_of(fact.body, "minutes").value_or(0);
        break;
      }
      iv.consent = fact.body;
      iv.consent_sha256 = fact.sha256;
      iv.state = State::approved;
      break;
    case FrameKind::acceptance: iv.accepted_at = text_of(fact.body, "at"); break;
    case FrameKind::refusal: apply_no(iv, fact, State::refused); break;
    case FrameKind::lapse: apply_no(iv, fact, State::expired); break;
    case FrameKind::not_asked: apply_no(iv, fact, State::not_asked); break;
    case FrameKind::session_open:
      iv.session_open = fact.body;
      iv.state = State::open;
      break;
    case FrameKind::event: apply_event(iv, fact); break;
    case FrameKind::session_end: apply_end(iv, fact); break;
    case FrameKind::report_received: iv.report_received = true; break;
    default: break;
  }
  if (const auto* rule = rule_for(iv.phase, Speaker::agent, fact.kind)) iv.phase = rule->next;
}

json::object view_of(const Intervention& iv) {
  json::object out{{"request", to_json(iv.request)},
          {"phase", word(iv.phase)},
          {"state", word(iv.state)},
          {"consent", or_null(iv.consent)},
          {"consent_sha256", iv.consent_sha256},
          {"consent_index", iv.consent_index},
          {"session_open", or_null(iv.session_open)},
          {"session_end", or_null(iv.session_end)},
          {"why", iv.why},
          {"report", iv.report ? json::value(to_json(*iv.report)) : json::value(nullptr)},
          {"report_received", iv.report_received}};
  if (iv.handed_to) out.emplace("handed_to", iv.handed_to->text());
  if (!iv.accepted_at.empty()) out.emplace("accepted_at", iv.accepted_at);
  if (iv.extended_minutes > 0) out.emplace("extended_minutes", iv.extended_minutes);
  return out;
}

Result<Intervention> intervention_from(std::string_view view) {
  PL_TRY(object, parse_object(view, max_view, "store, intervention"));
  StrictObject in(object, "store, intervention");
  PL_TRY(request, access_request_from(in.object("request"), "store, request"));
  Intervention out(std::move(request));
  out.phase = read_word<Phase>(in, "phase");
  out.state = read_word<State>(in, "state");
  out.consent = optional_object(in, "consent");
  out.consent_sha256 = in.text("consent_sha256", 0, 64);
  out.consent_index = static_cast<std::uint64_t>(in.integer("consent_index", 0, INT64_MAX));
  out.session_open = optional_object(in, "session_open");
  out.session_end = optional_object(in, "session_end");
  out.why = in.text("why", 0, 64 * 1024, StrictObject::Lines::many);
  if (!in.is_null("report")) {
    PL_TRY(report, report_from(in.object("report"), "store, report"));
    out.report = std::move(report);
  }
  out.report_received = in.boolean("report_received");
  if (in.has("handed_to")) out.handed_to = in.id<Login>("handed_to");
  if (in.has("accepted_at")) out.accepted_at = in.text("accepted_at", 20, 30);
  if (in.has("extended_minutes")) out.extended_minutes = in.integer("extended_minutes", 1, 100'000);
  PL_CHECK(in.finish());
  return out;
}

}  // namespace pontlevis::gateway
