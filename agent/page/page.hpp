// The practitioner's page: the drawbridge's chain in a browser, served by the agent on loopback
// (docs/page.md; design §8, §11; requirements A32 to A38, B07, B08, B14). Every address is a row of
// routes(); each is admitted by the guard before its handler runs. It has no power of its own: each act
// is one of the drawbridge, with the name of the person who did it.
// Owned by main; lives on the loop. REQUIRES: outlives the server that got its routes.
#pragma once

#include "agent/drawbridge.hpp"
#include "agent/page/page_guard.hpp"
#include "agent/page/page_json.hpp"
#include "agent/page/page_store.hpp"
#include "agent/recorder/recording_vault.hpp"
#include "agent/rehearsal/rehearsal.hpp"
#include "agent/team.hpp"
#include "protocol/io/http/router.hpp"

namespace pontlevis::agent {

struct PageParts {
  boost::asio::io_context& io;
  Drawbridge& bridge;
  Team& team;
  ConsentDesk& desk;
  const Identity& identity;
  const Inventory& inventory;
  Journal& journal;
  Store& store;
  PageStore& page_store;
  RecordingVault& vault;
  Rehearsal& rehearsal;
  const Clock& clock;
  Random& random;
  Language language;
  std::filesystem::path data;
  Millis lock_after;
};

class Page {
 public:
  explicit Page(PageParts parts);
  ~Page();
  io::Router routes();
  void set_port(unsigned short port) { guard_.set_port(port), passkeys_.set_place({"localhost", {guard_.origin()}}); }
  // Brings the lines of « mes interventions » up to date, then keeps them so.
  void start();

 private:
  using Answer = io::Awaitable<io::HttpResponse>;
  using Handler = Answer (Page::*)(PageCall);
  void on(io::Router& router, std::string method, std::string path, Needs needs, Handler handler);
  Answer handle(io::HttpRequest request, Needs needs, Handler handler);
  Answer health(io::HttpRequest request);

  // before signing in, and out (page_sign_in.cpp)
  Answer door(PageCall call);
  Answer sign_in(PageCall call);
  Answer passkey_start(PageCall call);
  Answer passkey_finish(PageCall call);
  Answer unlock(PageCall call);
  Answer sign_out(PageCall call);
  io::Awaitable<std::expected<Approver, io::HttpResponse>> check_password(Login login, Secret password);
  io::HttpResponse admit_person(const io::HttpRequest& request, Approver person);

  // the state, and its news (page_state.cpp, page_news.cpp)
  Answer state(PageCall call);
  json::object state_of(PageSession& session);
  json::object door_json() const;
  io::Awaitable<void> news(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream);
  io::Awaitable<void> mirror(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream);
  io::Awaitable<std::shared_ptr<PageSession>> read_token(const io::HttpRequest& request, io::FrameStream& stream, std::string* token, Needs needs);
  void announce();

  // deciding, and during the session (page_decide.cpp, page_session.cpp)
  Answer show_request(PageCall call);
  Answer accept(PageCall call);
  Answer approve(PageCall call);
  Answer refuse(PageCall call);
  Answer code(PageCall call);
  Answer pause(PageCall call);
  Answer resume(PageCall call);
  Answer typist(PageCall call);
  Answer tool(PageCall call);
  Answer stop(PageCall call);
  Answer show_extension(PageCall call);
  Answer extend(PageCall call);

  // afterwards (page_history.cpp, page_record.cpp)
  Answer interventions(PageCall call);
  Answer intervention(PageCall call);
  Answer receipt(PageCall call);
  Answer read_report(PageCall call);
  Answer comment(PageCall call);
  Answer recording(PageCall call);
  Answer delete_recording(PageCall call);
  Answer calendar(PageCall call);
  Answer certificates(PageCall call);
  Answer certificate(PageCall call);
  Result<> refresh_line(const InterventionId& id);
  std::string state_of_line(const AccessRequest& request, const audit::Fiche& fiche) const;
  void mark_unsettled_lines();
  io::Awaitable<void> keep_lines();
  Result<json::object> evidence_of(const InterventionId& id) const;

  // people and rights, rehearsal (page_people.cpp, page_rehearsal.cpp)
  Answer team(PageCall call);
  Answer team_add(PageCall call);
  Answer team_remove(PageCall call);
  Answer me(PageCall call);
  Answer me_export(PageCall call);
  Answer me_password(PageCall call);
  Answer new_passkey_start(PageCall call);
  Answer new_passkey_finish(PageCall call);
  Answer remove_passkey(PageCall call);
  Answer rights(PageCall call);
  Answer ask_right(PageCall call);
  Answer rehearse(PageCall call);

  // what the gateway's log was caught at (page_evidence.cpp)
  Answer evidence(PageCall call);

  io::HttpResponse stale(const PageCall& call, std::string what);  // recorded
  void act(const PageCall& call, std::string type, std::string intervention, std::string text);

  PageParts parts_;
  PageSessions sessions_;
  PageGuard guard_;
  webauthn::Passkeys passkeys_;
  LiveView rehearsal_view_;
  std::uint64_t changes_ = 0;                          // of the state, so far
  std::list<boost::asio::steady_timer*> listeners_;    // one each news socket; cancelled at a change
  std::set<InterventionId> stale_lines_;
  boost::asio::thread_pool slow_{1};  // for what would keep the loop waiting
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  unsigned signing_in_ = 0;
};

// What a request carried. Any of them may hold a password, so all are wiped.
class PageBody {
 public:
  explicit PageBody(json::object object) : object_(std::move(object)) {}
  PageBody(PageBody&&) noexcept = default;
  PageBody& operator=(PageBody&&) = delete;
  ~PageBody();
  operator const json::object&() const noexcept { return object_; }

 private:
  json::object object_;
};

// The bodies of requests and the words of answers, for the handlers.
Result<PageBody> body_of(io::HttpRequest& request);  // and wipes the bytes it came as
io::HttpResponse answer(json::object body);
// The intervention that an act's address names, and what it carries; or the refusal of an act that names none.
struct PageAct {
  InterventionId id;
  PageBody body;
};
std::expected<PageAct, io::HttpResponse> act_of(PageCall& call);
io::HttpResponse secret_answer(json::object body);   // with a password or a token: wiped once it is sent

}  // namespace pontlevis::agent
