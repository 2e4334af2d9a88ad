// Before signing in, and out again (docs/page.md §2, §3).
#include "agent/page/page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
constexpr unsigned most_at_once = 8;  // a password check costs a tenth of a second on purpose

Result<std::pair<Login, Secret>> read_credentials(io::HttpRequest& request) {
  PL_TRY(body, body_of(request));
  StrictObject in(body, "sign-in");
  auto login = in.id<Login>("login");
  Secret password = in.secret("password", 1, 256);
  PL_CHECK(in.finish());
  return std::pair(*std::move(login), std::move(password));
}

struct Counted {
  explicit Counted(unsigned& n) : count(n) { ++count; }
  ~Counted() { --count; }
  unsigned& count;
};
}  // namespace

json::object Page::door_json() const {
  return {{"drawbridge", parts_.bridge.down() ? "DOWN" : "UP"}, {"since", to_utc(parts_.bridge.since())}};
}

Page::Answer Page::door(PageCall) {
  std::size_t waiting = 0, open = 0;
  for (const auto& view : parts_.bridge.views()) {
    waiting += view.phase == Phase::requested && view.pending && view.can_open;
    open += view.session != nullptr;
  }
  json::object out = door_json();
  out.emplace("waiting", waiting);
  out.emplace("open", open);
  out.emplace("language", language_tag(parts_.language));
  out.emplace("practice", json::object{{"id", parts_.identity.practice.text()}, {"name", parts_.desk.parties().practice_name}});
  out.emplace("version", PONTLEVIS_VERSION);
  co_return answer(std::move(out));
}

io::HttpResponse Page::admit_person(const io::HttpRequest& request, Approver person) {
  const auto user = guard_.user_of(request);
  if (!user) return refusal(PageFault::other_user, "the system does not say who is at this page", "open it in a browser of this machine");
  json::object who = person_json(person);
  const Login login = person.login;
  auto token = sessions_.sign_in(std::move(person), *user);
  if (!token) return refusal(PageFault::too_many, token.error());
  guard_.record("signed in to the page", "", login);
  json::object body{{"token", *token}, {"person", std::move(who)}};
  return secret_answer(std::move(body));
}

io::Awaitable<std::expected<Approver, io::HttpResponse>> Page::check_password(Login login, Secret password) {
  if (parts_.team.locked(login))
    co_return std::unexpected(refusal(PageFault::name_locked, "this name is locked for a minute after three wrong passwords"));
  if (signing_in_ >= most_at_once) co_return std::unexpected(refusal(PageFault::too_many, "many sign-ins are under way", "try again in a moment"));
  const Counted counted(signing_in_);
  auto person = co_await parts_.team.sign_in(std::move(login), std::move(password));
  if (person) co_return *std::move(person);
  const bool wrong = person.error().code == Errc::not_allowed;
  co_return std::unexpected(refusal(wrong ? PageFault::sign_in_wrong : PageFault::journal_failed, person.error()));
}

Page::Answer Page::sign_in(PageCall call) {
  auto read = read_credentials(call.request);
  if (!read) co_return refusal(PageFault::bad_input, read.error());
  auto [login, password] = *std::move(read);
  auto person = co_await check_password(std::move(login), std::move(password));
  if (!person) co_return std::move(person).error();
  co_return admit_person(call.request, *std::move(person));
}

Page::Answer Page::unlock(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "unlock");
  Secret password = in.secret("password", 1, 256);
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  Login login = call.session->person.login;
  auto person = co_await check_password(std::move(login), std::move(password));
  if (!person) co_return std::move(person).error();
  sessions_.unlock(*call.session);
  announce();
  co_return answer({{"person", person_json(*person)}});
}

Page::Answer Page::passkey_start(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "passkey");
  const auto login = in.id<Login>("login");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  auto options = passkeys_.start_sign_in(*login);
  if (!options) co_return refusal(PageFault::too_many, options.error());
  co_return answer(*std::move(options));
}

Page::Answer Page::passkey_finish(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "passkey");
  const auto ticket = in.text("ticket", 1, 64);
  const auto& credential = in.object("credential");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  auto login = passkeys_.finish_sign_in(ticket, credential);
  if (!login) {
    guard_.record("a passkey was refused", login.error().what);
    co_return refusal(PageFault::passkey_failed, login.error());
  }
  auto person = parts_.team.known(*login, "passkey");
  if (!person) co_return refusal(PageFault::passkey_failed, person.error());
  co_return admit_person(call.request, *std::move(person));
}

Page::Answer Page::sign_out(PageCall call) {
  sessions_.sign_out(call.token);
  announce();
  co_return answer({});
}

}  // namespace pontlevis::agent
