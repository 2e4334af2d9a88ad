#include "gateway/outward/webhook.hpp"

#include "gateway/outward/crm_answer.hpp"
#include "gateway/outward/webhook_signature.hpp"
#include "gateway/people/oidc/id_token.hpp"
#include "protocol/io/outward/https_call.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {
namespace {

Result<std::vector<WebhookSecret>> secrets_of(const Options& options) {
  const auto& file = options.text("webhook.secret_file");
  if (file.empty()) return fail(Errc::bad_input, "'webhook.secret_file' is missing", "options", "a CRM must be able to tell our messages from others'");
  PL_TRY(text, io::read_secret_file(file, 4096));
  return WebhookSecret::parse(text, file);
}

Result<HttpsUrl> address_of(const Options& options) {
  auto url = parse_https(options.text("webhook.url"));
  if (!url) return fail(Errc::bad_input, "'webhook.url' is not an https address", "options", "https://crm.example/pontlevis; nothing of a person goes out in the clear");
  return *std::move(url);
}

struct Prepared {
  io::TlsContext tls;
  io::HttpsCall call;
};

// Read anew for each message: what a SIGHUP or a new secret changed holds for the next one.
Result<Prepared> prepare(const Core& core, const Message& message) {
  PL_TRY(url, address_of(core.options));
  PL_TRY(secrets, secrets_of(core.options));
  PL_TRY(tls, io::public_trust(core.options.text("webhook.ca")));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(core.clock.now().time_since_epoch()).count();
  io::HttpsCall call;
  call.host = url.host;
  call.port = url.port;
  call.target = url.target;
  call.most_answer_bytes = most_crm_answer_bytes;
  call.headers = {{"content-type", "application/json"}, {"accept", "application/json"}, {"user-agent", "pontlevis-gateway/" PONTLEVIS_VERSION},
                  {"webhook-id", message.id}, {"webhook-timestamp", std::to_string(seconds)},
                  {"webhook-signature", webhook_signatures(secrets, message.id, seconds, message.body)}, {"idempotency-key", message.id}};
  call.body = message.body;
  return Prepared{std::move(tls), std::move(call)};
}

std::string words_of(unsigned status) {
  if (status / 100 == 3) return "the CRM answered " + std::to_string(status) + ": redirects are not followed";
  return "the CRM answered " + std::to_string(status);
}

Tried judge(const io::HttpResponse& answer, bool deletion) {
  Tried out;
  out.status = static_cast<int>(answer.status);
  out.why = words_of(answer.status);
  switch (verdict_of(answer.status, deletion)) {
    case Verdict::taken:
      out.kind = Tried::Kind::taken;
      out.why.clear();
      out.crm_ref = read_crm_ref(answer.body).value_or("");
      break;
    case Verdict::refused: out.kind = Tried::Kind::refused; break;
    case Verdict::later:
      out.kind = Tried::Kind::later;
      out.wait = read_retry_after(answer.header("retry-after"));
      break;
  }
  return out;
}

}  // namespace

Result<> check_webhook(const Options& options) {
  PL_CHECK(address_of(options));
  PL_CHECK(secrets_of(options));
  PL_CHECK(io::public_trust(options.text("webhook.ca")));
  return {};
}

Awaitable<Tried> send_webhook(const Core& core, Message message) {
  auto prepared = prepare(core, message);
  if (!prepared) {
    const Tried broken{Tried::Kind::away, 0, prepared.error().what, {}, {}};
    co_return broken;
  }
  auto calling = io::https_call(std::move(prepared->tls), std::move(prepared->call));
  const auto answer = co_await std::move(calling);
  if (answer) co_return judge(*answer, message.subject == "deletion");
  const Tried nobody{Tried::Kind::away, 0, answer.error().what, {}, {}};
  co_return nobody;
}

}  // namespace pontlevis::gateway
