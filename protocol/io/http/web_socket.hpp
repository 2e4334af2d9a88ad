// WebSocket over a LeanStream, both ends, behind the two seams. The one place that includes Beast's WebSocket.
// permessage-deflate is off: it doubles the memory of an idle agent (decision 0006) and mixes secrets with
// what others choose. A read or write that is cancelled in its middle ends the stream.
// close() says goodbye with a close frame and ends the connection at the latest after `goodbye`.
#pragma once

#include "protocol/io/http/http_message.hpp"
#include "protocol/io/tls/lean_stream.hpp"

namespace pontlevis::io {

enum class WebSocketKind { text_frames, binary_bytes };
constexpr Millis goodbye{500};

struct WebSocketEnd {
  std::unique_ptr<FrameStream> frames;  // of kind text_frames
  std::unique_ptr<ByteStream> bytes;    // of kind binary_bytes
};

// Answers the upgrade request that was read from `stream`. The references must live until it is done.
Awaitable<Result<WebSocketEnd>> accept_web_socket(LeanStream stream, const HttpRequest& request,
                                                  const HttpLimits& limits, WebSocketKind kind);
Awaitable<Result<WebSocketEnd>> connect_web_socket(LeanStream stream, std::string host, std::string target,
                                                   HttpHeaders headers, HttpLimits limits, WebSocketKind kind);

}  // namespace pontlevis::io
