// One request to an HTTPS server of somebody else: one connection, its certificate checked by a CA of ours or by those
// this machine trusts, TLS 1.2 or later, no redirect followed, no proxy taken from the environment, the answer bounded.
// Lives on the loop of the coroutine that calls. requirements A39.
#pragma once

#include <filesystem>
#include <string>

#include "protocol/io/http/http_client.hpp"

namespace pontlevis::io {

struct HttpsCall {
  std::string host;
  unsigned short port = 443;
  std::string method = "POST";
  std::string target;  // path and query
  std::string body;
  HttpHeaders headers;
  Millis connect_within{10'000};
  Millis answer_within{20'000};
  std::size_t most_answer_bytes = 16 * 1024;
};

// Whom to believe: the CAs in `ca_file`, or those this machine trusts when it is empty.
Result<TlsContext> public_trust(const std::filesystem::path& ca_file);

// Whatever status the server answers is an answer; Errc::unavailable, closed or bad_signature: there is none.
Awaitable<Result<HttpResponse>> https_call(TlsContext tls, HttpsCall call);

}  // namespace pontlevis::io
