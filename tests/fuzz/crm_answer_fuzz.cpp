// Whatever a customer-relations system answers: a number that may stand in a record for ever, or none; never a longer wait
// than an hour. And what goes to syslog out of any bytes is one bounded line.
#include "gateway/outward/crm_answer.hpp"
#include "protocol/io/outward/syslog_text.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  if (const auto reference = gateway::read_crm_ref(text)) fuzz::require(gateway::is_crm_ref(*reference), "a number is one");
  if (const auto wait = gateway::read_retry_after(text)) fuzz::require(*wait <= std::chrono::hours(1) && wait->count() >= 0, "a wait is bounded");
  io::SyslogMessage message;
  message.host = message.app = message.msgid = message.sd_id = text;
  message.parameters = {{std::string(text), std::string(text)}, {"again", std::string(text)}};
  const auto printed = io::print_syslog(message);
  fuzz::require(printed.size() <= io::most_syslog_bytes, "a message is bounded");
  fuzz::require(printed.find('\n') == printed.npos && printed.find('\0') == printed.npos, "a message is one line");
  return 0;
}
