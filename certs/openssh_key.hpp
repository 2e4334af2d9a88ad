// An OpenSSH public key line as a card carries it: `type base64`, no comment. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocol/result.hpp"

namespace pontlevis::certs {

// Strict: a known type (ssh-ed25519, ecdsa-sha2-nistp256 and their sk- forms), one space, base64 whose
// blob names the same type and has the parts and lengths of that type, nothing after it.
Result<std::string> check_ssh_key(std::string_view line);

// The same from the text of a .pub file: a comment and a final newline are allowed and dropped.
Result<std::string> ssh_key_from_file_text(std::string_view text);

// "SHA256:…" as ssh-keygen -l prints it. REQUIRES: a line check_ssh_key accepted.
std::string ssh_fingerprint(std::string_view line);

}  // namespace pontlevis::certs
