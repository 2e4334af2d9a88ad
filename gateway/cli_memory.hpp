// The nouns of the areas of the memory on the command line: one row a verb, and the request it asks. A verb with
// an empty noun stands by itself (`pontlevis-gateway backup`). Any thread.
#pragma once

#include <string>
#include <vector>

namespace pontlevis::gateway {

struct CliOption {
  std::string name;    // "--until", or "id" when it stands without a name
  std::string member;  // of the request
  std::string about;
  bool required = false;
  enum class Kind { text, number, flag, file } kind = Kind::text;  // file: its content is the member
};

struct CliRow {
  std::string noun, verb, about;
  std::vector<CliOption> options;
  std::vector<std::string> columns;  // of the table, when the answer is a list
  // The request is {"verb": "<noun> <verb>", members…}.
};

const std::vector<CliRow>& memory_cli_rows();

}  // namespace pontlevis::gateway
