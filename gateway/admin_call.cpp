#include "gateway/admin_call.hpp"

#include "gateway/admin.hpp"
#include "gateway/events.hpp"
#include "gateway/memory/memory.hpp"
#include "protocol/io/control/control_client.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

Result<json::object> act_alone(const DataFolder& folder, const std::function<Result<Options>()>& read_options,
                               const json::object& request) {
  if (!std::filesystem::exists(folder.trust()))
    return fail(Errc::not_found, "holds no gateway", folder.root.string(), "pontlevis-gateway init makes one; or name it with --data");
  start_events("warn");  // the answer is for a person
  PL_TRY(options, read_options());
  SystemClock clock;
  io::SystemRandom random;
  asio::io_context loop(1);
  PL_TRY(core, Core::open(folder, std::move(options), clock, random));
  Memory memory(*core);
  PL_CHECK(memory.open());
  Admin admin(*core);
  admin.use(memory.verbs());
  Result<json::object> answer = fail(Errc::internal, "gave no answer", "gateway");
  asio::co_spawn(loop, admin.act(request), [&](std::exception_ptr thrown, Result<json::object> given) {
    if (!thrown) answer = std::move(given);
  });
  loop.run();
  return answer;
}

}  // namespace

Result<json::object> admin_call(const DataFolder& folder, const std::function<Result<Options>()>& read_options,
                                const json::object& request) {
  auto answer = io::control_call(folder.control(), request);
  if (answer || answer.error().code != Errc::unavailable) return answer;
  return act_alone(folder, read_options, request);
}

}  // namespace pontlevis::gateway
