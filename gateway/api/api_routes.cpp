// Each route of the API behind the guard: ETags on what is read, kept answers for what is done.
#include "gateway/api/api_guard.hpp"
#include "gateway/api/kept_answers.hpp"

namespace pontlevis::gateway {
namespace {

struct Served {
  ApiGuard& guard;
  const ApiRoute& route;
  std::shared_ptr<KeptAnswers> kept;
};

io::HttpResponse with_etag(io::HttpResponse answer, const io::HttpRequest& asked) {
  const bool reads = asked.method == "GET" || asked.method == "HEAD";
  if (!reads || answer.status != 200 || answer.secret) return answer;
  const auto etag = api_etag(answer.body);
  answer.headers.emplace_back("etag", etag);
  if (!names_etag(asked.header("if-none-match"), etag)) return answer;
  answer.status = 304;
  answer.body.clear();
  return answer;
}

// An act whose coroutine ends otherwise (an exception, the end of the process) leaves its key as begun: whoever
// asks again is told that nobody knows how far it came.
struct UnderWay {
  KeptAnswers& kept;
  const KeptAnswers::Begun& begun;
  ~UnderWay() { kept.left(begun); }
};

ApiAnswer do_once(Served served, ApiCall call, std::string key) {
  if (served.route.secret || served.route.roles == Roles{})
    co_return api_problem(400, "no_key_here", {Errc::bad_input, "this answer is given once and never kept", "Idempotency-Key", "leave the header out"});
  auto begun = served.kept->begin(call, key);
  if (auto* again = std::get_if<io::HttpResponse>(&begun)) co_return std::move(*again);
  const auto name = std::get<KeptAnswers::Begun>(begun);
  UnderWay under_way{*served.kept, name};
  auto answer = co_await served.route.handler(std::move(call));
  served.kept->keep(name, answer);
  co_return answer;
}

ApiAnswer serve(Served served, io::HttpRequest request) {
  io::HttpRequest asked;
  asked.method = request.method;
  for (auto name : {"if-none-match", "idempotency-key"})
    if (const auto value = request.header(name); !value.empty()) asked.headers.emplace_back(name, std::string(value));
  auto admitted = served.guard.admit(std::move(request), served.route);
  if (auto* no = std::get_if<io::HttpResponse>(&admitted)) co_return std::move(*no);
  auto call = std::get<ApiCall>(std::move(admitted));
  std::string key(asked.header("idempotency-key"));
  if (asked.method == "POST" && !key.empty()) co_return co_await do_once(served, std::move(call), std::move(key));
  auto answer = co_await served.route.handler(std::move(call));
  co_return with_etag(std::move(answer), asked);
}

}  // namespace

void add_api_routes(io::Router& router, ApiGuard& guard, Core& core, const ApiRoutes& routes) {
  auto kept = std::make_shared<KeptAnswers>(*core.store, core.clock);
  for (const auto& route : routes) {
    const Served served{guard, route, kept};
    router.on(route.method, route.path, [served](io::HttpRequest request) { return serve(served, std::move(request)); });
  }
}

}  // namespace pontlevis::gateway
