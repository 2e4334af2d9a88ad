// The `files` tool: OpenSSH's sftp-server on a socketpair, read along by SftpDecoder, which logs
// every transfer with name, direction, size and SHA-256 and answers what the consent does not
// allow. One FilesRun is one "sftp" subsystem channel; the session owns it; lives on its loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/tools/channel_end.hpp"
#include "agent/tools/reaper.hpp"
#include "agent/tools/sftp_decoder.hpp"

namespace pontlevis::agent {

// What the practice configured ([system.files] of the inventory).
struct FilesTool {
  std::vector<std::string> prefix;  // e.g. {"sudo", "-u", "maintenance", "--"}; may be empty
  std::string server = "/usr/lib/openssh/sftp-server";
  std::string folder;               // where relative names start; empty = the user's home
  std::string landing;              // instead of `folder`, and the only place to write; from the home if not whole
  std::uint64_t largest_file_mb = 4096;      // of 1,048,576 bytes; 0 = no limit
  std::uint64_t largest_session_mb = 16384;  // all uploads of one session together; 0 = no limit
};

class FilesRun {
 public:
  // Errc::not_allowed when `rights` hold neither; Errc::not_found for a landing folder that is not there
  // (it is made, mode 0700, only where no `prefix` changes the account). Gate, events, account outlive the run.
  static Result<std::unique_ptr<FilesRun>> start(boost::asio::any_io_executor executor, Reaper& reaper,
                                                 const std::string& session, const FilesTool& tool,
                                                 FileRights rights, InputGate& gate, FileEvents& events,
                                                 UploadAccount& account);
  ~FilesRun();
  // Moves packets until the client ends, the server ends, a packet breaks the rules (Errc::bad_frame,
  // with the reason) or the gate closes. Every event has been delivered when it returns. Call once.
  io::Awaitable<Result<ExitStatus>> serve(ChannelEnd end);
  void hang_up();  // the operator's channel is gone, or the session ends

 private:
  struct Impl;
  explicit FilesRun(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pontlevis::agent
