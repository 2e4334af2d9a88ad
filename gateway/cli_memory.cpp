#include "gateway/cli_memory.hpp"

namespace pontlevis::gateway {

const std::vector<CliRow>& memory_cli_rows() {
  static const std::vector<CliRow> rows{
      {"log", "show", "Where the log stands, and its witnesses", {}, {}},
      {"log", "policy", "Which cosignatures a verifier may ask for (C2SP tlog-policy): most practices seen within a day", {}, {}},
      {"log", "ask", "Ask every connected practice to cosign now", {}, {}},
      {"log", "prepare", "After the log lost its past: make the next log's key, for the staff key to sign", {}, {}},
      {"log", "link", "After the log lost its past: close it and begin another, at the next start",
       {{"--cause", "cause", "restore, rollback or damage", true}, {"--successor", "successor", "the statement of the staff key: pontlevis-certs log-successor issue", true, CliOption::Kind::file}}, {}},
      {"log", "continue", "After a restore: go on without the practices that stay away", {{"--why", "why", "why; it is recorded", true}}, {}},
  };
  return rows;
}

}  // namespace pontlevis::gateway
