// A person's own: who they are, their staff card, password, passkeys and tokens (docs/api.md §3). A token may
// read who it is; what changes a person's keys takes the page. Handlers live on the loop.
#pragma once

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class PeopleDesk;

// REQUIRES: `people` outlives the routes.
ApiRoutes me_routes(PeopleDesk& people);

}  // namespace pontlevis::gateway
