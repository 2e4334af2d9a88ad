#include "agent/page/page.hpp"

#include "protocol/secret.hpp"
#include "web/asset_answer.hpp"

namespace pontlevis::agent {

namespace {

// Nothing from elsewhere, no inline script or style, and no way for text to become script.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

io::HttpResponse dressed(io::HttpResponse response) {
  response.headers.emplace_back("content-security-policy", policy);
  response.headers.emplace_back("x-frame-options", "DENY");
  return response;
}

}  // namespace

io::HttpResponse answer(json::object body) { return io::HttpResponse::json(body); }

PageBody::~PageBody() { wipe_texts(object_); }

Result<PageBody> body_of(io::HttpRequest& request) {
  auto object = parse_object(request.body, 64 * 1024, "body", JsonForm::any);
  wipe_bytes(request.body);
  if (!object) return std::unexpected(std::move(object).error());
  return PageBody(*std::move(object));
}

std::expected<PageAct, io::HttpResponse> act_of(PageCall& call) {
  auto body = body_of(call.request);
  auto id = InterventionId::parse(call.request.id);
  if (!id || !body) return std::unexpected(refusal(PageFault::bad_input, id ? body.error() : id.error()));
  return PageAct{*std::move(id), *std::move(body)};
}

io::HttpResponse secret_answer(json::object body) {
  auto response = io::HttpResponse::json(body);
  wipe_texts(body);
  response.secret = true;
  return response;
}

Page::Page(PageParts parts)
    : parts_(std::move(parts)), sessions_(parts_.clock, parts_.random, parts_.lock_after), guard_(sessions_, parts_.journal, parts_.clock),
      passkeys_(parts_.page_store, parts_.clock, parts_.random), rehearsal_view_(parts_.io.get_executor(), [](bool) {}) {}

Page::~Page() = default;

void Page::announce() {
  ++changes_;
  for (auto* listener : listeners_) listener->cancel();
}

Page::Answer Page::handle(io::HttpRequest request, Needs needs, Handler handler) {
  auto admitted = guard_.admit(std::move(request), needs);
  if (auto* no = std::get_if<io::HttpResponse>(&admitted)) co_return dressed(std::move(*no));
  PageCall call = std::get<PageCall>(std::move(admitted));
  auto said = co_await (this->*handler)(std::move(call));
  co_return dressed(std::move(said));
}

void Page::on(io::Router& router, std::string method, std::string path, Needs needs, Handler handler) {
  router.on(std::move(method), std::move(path), [this, needs, handler](io::HttpRequest request) { return handle(std::move(request), needs, handler); });
}

void Page::act(const PageCall& call, std::string type, std::string intervention, std::string text) {
  static_cast<void>(parts_.page_store.add_act(call.session->person.login, {parts_.clock.now(), std::move(type), std::move(intervention), std::move(text)}));
  announce();
}

Page::Answer Page::health(io::HttpRequest) {
  const bool good = parts_.bridge.journal_healthy() && !parts_.bridge.alarmed();
  co_return io::HttpResponse::json(json::object{{"status", good ? "ok" : "failed"}, {"drawbridge", parts_.bridge.down() ? "DOWN" : "UP"},
                                                {"link", parts_.bridge.link().up() ? "UP" : "DOWN"}}, good ? 200 : 503);
}

namespace {
io::Awaitable<io::HttpResponse> asset_or_refusal(PageGuard* guard, io::HttpRequest request, const web::Asset* asset) {
  auto no = guard->check_place(request);
  co_return dressed(no ? *std::move(no) : web::answer_asset(request, *asset));
}

io::Awaitable<std::optional<io::HttpResponse>> socket_gate(PageGuard* guard, io::HttpRequest request) {
  auto no = guard->check_place(request);
  if (!no) co_return std::nullopt;
  co_return dressed(*std::move(no));
}
}  // namespace

io::Router Page::routes() {
  io::Router r;
  r.get("/healthz", [this](io::HttpRequest request) { return health(std::move(request)); });
  for (const auto& asset : web::practitioner_assets())
    r.get(std::string(asset.path), [this, shown = &asset](io::HttpRequest request) { return asset_or_refusal(&guard_, std::move(request), shown); });
  const io::UpgradeGate gate = [this](const io::HttpRequest& request) { return socket_gate(&guard_, request); };
  r.websocket("/api/news", gate, [this](io::HttpRequest q, std::unique_ptr<io::FrameStream> s) { return news(std::move(q), std::move(s)); });
  r.websocket("/api/sessions/<id>/mirror", gate, [this](io::HttpRequest q, std::unique_ptr<io::FrameStream> s) { return mirror(std::move(q), std::move(s)); });

  using enum Needs;
  on(r, "GET", "/api/door", nothing, &Page::door);
  on(r, "POST", "/api/sign-in", nothing, &Page::sign_in);
  on(r, "POST", "/api/passkey/start", nothing, &Page::passkey_start);
  on(r, "POST", "/api/passkey/finish", nothing, &Page::passkey_finish);
  on(r, "POST", "/api/unlock", pause_stop, &Page::unlock);
  on(r, "POST", "/api/sign-out", pause_stop, &Page::sign_out);
  on(r, "GET", "/api/state", pause_stop, &Page::state);
  on(r, "GET", "/api/requests/<id>", signed_in, &Page::show_request);
  on(r, "POST", "/api/requests/<id>/accept", decides, &Page::accept);
  on(r, "POST", "/api/requests/<id>/approve", decides, &Page::approve);
  on(r, "POST", "/api/requests/<id>/refuse", decides, &Page::refuse);
  on(r, "POST", "/api/sessions/<id>/code", decides, &Page::code);
  on(r, "POST", "/api/sessions/<id>/pause", pause_stop, &Page::pause);
  on(r, "POST", "/api/sessions/<id>/resume", signed_in, &Page::resume);
  on(r, "POST", "/api/sessions/<id>/typist", decides, &Page::typist);
  on(r, "POST", "/api/sessions/<id>/tool", signed_in, &Page::tool);
  on(r, "POST", "/api/sessions/<id>/stop", pause_stop, &Page::stop);
  on(r, "GET", "/api/sessions/<id>/extension", signed_in, &Page::show_extension);
  on(r, "POST", "/api/sessions/<id>/extend", decides, &Page::extend);
  on(r, "GET", "/api/interventions", signed_in, &Page::interventions);
  on(r, "GET", "/api/interventions/<id>", signed_in, &Page::intervention);
  on(r, "GET", "/api/interventions/<id>/receipt", signed_in, &Page::receipt);
  on(r, "POST", "/api/interventions/<id>/read", signed_in, &Page::read_report);
  on(r, "POST", "/api/interventions/<id>/comment", signed_in, &Page::comment);
  on(r, "GET", "/api/interventions/<id>/recording", signed_in, &Page::recording);
  on(r, "POST", "/api/interventions/<id>/recording/delete", signed_in, &Page::delete_recording);
  on(r, "GET", "/api/calendar", signed_in, &Page::calendar);
  on(r, "GET", "/api/certificates", signed_in, &Page::certificates);
  on(r, "GET", "/api/certificates/<id>", signed_in, &Page::certificate);
  on(r, "GET", "/api/team", signed_in, &Page::team);
  on(r, "POST", "/api/team", owner, &Page::team_add);
  on(r, "POST", "/api/team/<id>/remove", owner, &Page::team_remove);
  on(r, "GET", "/api/me", signed_in, &Page::me);
  on(r, "GET", "/api/me/export", signed_in, &Page::me_export);
  on(r, "POST", "/api/me/password", signed_in, &Page::me_password);
  on(r, "POST", "/api/me/passkeys/start", signed_in, &Page::new_passkey_start);
  on(r, "POST", "/api/me/passkeys/finish", signed_in, &Page::new_passkey_finish);
  on(r, "POST", "/api/me/passkeys/<id>/remove", signed_in, &Page::remove_passkey);
  on(r, "GET", "/api/rights", signed_in, &Page::rights);
  on(r, "POST", "/api/rights", signed_in, &Page::ask_right);
  on(r, "GET", "/api/evidence", signed_in, &Page::evidence);
  on(r, "POST", "/api/rehearsal", signed_in, &Page::rehearse);
  return r;
}

}  // namespace pontlevis::agent
