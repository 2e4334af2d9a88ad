// One try of one webhook: signed, posted over HTTPS, and what the CRM answered (docs/outward.md §2). The loop's thread.
#pragma once

#include "gateway/core.hpp"
#include "gateway/outward/courier.hpp"

namespace pontlevis::gateway {

// The options that a webhook needs, judged before anybody is served: https only, a secret that signs.
Result<> check_webhook(const Options& options);

Awaitable<Tried> send_webhook(const Core& core, Message message);

}  // namespace pontlevis::gateway
