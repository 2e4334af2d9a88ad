// A page's file as an answer over HTTP: packed where the browser takes it, not sent again when it has it.
// Any thread.
#pragma once

#include "protocol/io/http/http_message.hpp"
#include "web/assets.hpp"

namespace pontlevis::web {

// The page itself is asked for each time; what it names by hash may stay for a year.
io::HttpResponse answer_asset(const io::HttpRequest& request, const Asset& asset);

}  // namespace pontlevis::web
