#include "gateway/cli_memory.hpp"

namespace pontlevis::gateway {

const std::vector<CliRow>& memory_cli_rows() {
  static const std::vector<CliRow> rows{
  };
  return rows;
}

}  // namespace pontlevis::gateway
