// pontlevis-gateway, the vendor's side. Table of contents:
//   cli.hpp       verbs and nouns          init.hpp      makes a data folder
//   serve.hpp     one process              gateway.hpp   its parts, in the order of their arrows
//   core.hpp      what it keeps            hub.hpp       agents      front.hpp   technicians
//   desk.hpp      the path: request, consent, session, report, record
#include <unistd.h>

#include "gateway/cli.hpp"
#include "protocol/secret.hpp"

int main(int argc, char** argv) {
  pontlevis::forbid_core_dumps();  // before any secret is read
  return pontlevis::gateway::run_cli(argc, argv, environ);
}
