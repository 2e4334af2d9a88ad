// The only door to libssh's headers: included by the .cpp files of this folder and by no one else.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>

#include "protocol/c_handle.hpp"
#include "protocol/io/ssh/ssh_config.hpp"

namespace pontlevis::io {

using LibsshSession = CHandle<ssh_session_struct, ssh_free>;
using LibsshBind = CHandle<ssh_bind_struct, ssh_bind_free>;
using LibsshKey = CHandle<ssh_key_struct, ssh_key_free>;
using LibsshMessage = CHandle<ssh_message_struct, ssh_message_free>;
using LibsshString = CHandle<ssh_string_struct, ssh_string_free>;
using LibsshText = CHandle<char, ssh_string_free_char>;

struct SshHostKey::Key {
  LibsshKey handle;
  SshHostKeyType type{};
  SshPublicKey public_key;
};

// The key as a value; null if libssh cannot print it.
Result<SshPublicKey> public_key_of(ssh_key key);

// A session that has taken `fd` and knows what it may offer; nothing is sent yet.
Result<LibsshSession> make_session(const SshServerConfig& config, int fd);

}  // namespace pontlevis::io
