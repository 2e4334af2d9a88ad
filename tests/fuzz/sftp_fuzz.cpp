// The SFTP decoder between a hostile client and a hostile server. The input is a script: a byte says
// who speaks and with which rights and limits the decoder began, a length byte how much, then the bytes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/tools/sftp_decoder.hpp"
#include "protocol/text.hpp"

namespace {

using namespace pontlevis;
using namespace pontlevis::agent;

struct Judge final : FileEvents {
  static void must(bool good) {
    if (!good) std::abort();
  }
  void transfer_done(const TransferDone& t) override {
    must(is_utf8(t.path) && !has_control(t.path));
    must(!t.sha256 || t.sha256->size() == 64);
  }
  void file_act(const FileAct& a) override {
    must(is_utf8(a.path) && !has_control(a.path) && !has_control(a.target) && !a.act.empty());
  }
};

bool client_speaks(SftpDecoder& decoder, std::string_view bytes) {
  if (!decoder.from_client(bytes)) return false;
  for (;;) {
    const auto out = decoder.to_server();
    if (!out) return false;
    Judge::must(decoder.unanswered() < SftpDecoder::max_unanswered + SftpDecoder::max_packet + 128);
    if (!decoder.governed() || decoder.to_client().empty()) return true;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Judge judge;
  UploadAccount account;
  const FileLimits limits = (data[0] & 4) != 0 ? FileLimits{"/srv/depot", 4096, 8192} : FileLimits{};
  SftpDecoder decoder({(data[0] & 1) != 0, (data[0] & 2) != 0}, judge, limits, account);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  bool good = true;
  while (good && rest.size() > 2) {
    const bool client = (rest[0] & 1) == 0;
    const std::size_t n = std::min<std::size_t>(static_cast<unsigned char>(rest[1]), rest.size() - 2);
    const auto bytes = rest.substr(2, n);
    good = client ? client_speaks(decoder, bytes) : decoder.from_server(bytes).has_value();
    decoder.to_client();
    rest.remove_prefix(2 + n);
  }
  decoder.finish();
  Judge::must(limits.largest_session == 0 || account.bytes <= limits.largest_session);
  return 0;
}
