#include "protocol/io/ssh/ssh_keys.hpp"

#include <gtest/gtest.h>

#include "protocol/io/ssh/ssh_config.hpp"

namespace pontlevis::io {
namespace {

// A sample key made for this test; `ssh-keygen -lf` prints the fingerprint below.
constexpr std::string_view sample_line =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f sample@cabinet";

TEST(SshPublicKey, parses_prints_and_compares) {
  const auto key = SshPublicKey::parse(sample_line);
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->type, "ssh-ed25519");
  EXPECT_EQ(key->line() + " sample@cabinet", sample_line);
  EXPECT_EQ(SshPublicKey::parse(key->line()), *key);
  EXPECT_EQ(SshPublicKey::parse(key->line() + "\n"), *key);
  EXPECT_TRUE(key->fingerprint().starts_with("SHA256:"));
  EXPECT_EQ(key->fingerprint().size(), 7u + 43u);
}

TEST(SshPublicKey, refuses_what_is_not_one_plain_key) {
  for (const std::string line :
       {"", "ssh-ed25519", "ssh-ed25519 AAAA",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
        "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
        "ssh-ed25519 %%%%"})
    EXPECT_FALSE(SshPublicKey::parse(line)) << line;
  EXPECT_FALSE(SshPublicKey::parse(std::string(sample_line) + "\n" + std::string(sample_line)));
  EXPECT_FALSE(SshPublicKey::parse("ssh-ed25519 " + std::string(100000, 'A')));
}

TEST(SshHostKey, is_made_printed_and_read_back) {
  for (const auto type : {SshHostKeyType::ed25519, SshHostKeyType::ecdsa_p256}) {
    const auto made = generate_host_key(type);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->type(), type);
    const auto text = made->private_text();
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_TRUE(text->expose().starts_with("-----BEGIN "));
    const auto read = SshHostKey::from_private_text(*text);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->public_key(), made->public_key());
    EXPECT_EQ(read->known_hosts_line("caisse.cabinet-exemple"),
              "caisse.cabinet-exemple " + host_key_public_line(*made));
    EXPECT_TRUE(SshPublicKey::parse(host_key_public_line(*made)));
  }
}

TEST(SshHostKey, refuses_garbage_and_cut_text) {
  const auto made = generate_host_key(SshHostKeyType::ed25519).value();
  const auto text = made.private_text().value();
  EXPECT_FALSE(SshHostKey::from_private_text(Secret("")));
  EXPECT_FALSE(SshHostKey::from_private_text(Secret("not a key")));
  for (std::size_t cut = 0; cut + 40 < text.expose().size(); cut += 37)
    EXPECT_FALSE(SshHostKey::from_private_text(Secret(text.expose().substr(0, cut))));
}

TEST(SshServerConfig, says_what_is_wrong) {
  SshServerConfig config;
  EXPECT_FALSE(config.check());
  config.host_keys.push_back(generate_host_key(SshHostKeyType::ed25519).value());
  EXPECT_TRUE(config.check());
  config.host_keys.push_back(config.host_keys.front());
  EXPECT_FALSE(config.check());
  config.host_keys.pop_back();
  config.software = "two words";
  EXPECT_FALSE(config.check());
}

}  // namespace
}  // namespace pontlevis::io
