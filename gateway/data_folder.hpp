// Where everything of one gateway lies under its data folder. Only names; no I/O.
#pragma once

#include <filesystem>

namespace pontlevis::gateway {

struct DataFolder {
  std::filesystem::path root;

  std::filesystem::path config() const { return root / "gateway.toml"; }
  std::filesystem::path trust() const { return root / "trust.json"; }        // public: for agents and codes
  std::filesystem::path store() const { return root / "gateway.db"; }
  std::filesystem::path log() const { return root / "log"; }
  std::filesystem::path lock() const { return root / "gateway.lock"; }
  std::filesystem::path control() const { return root / "control.sock"; }
  std::filesystem::path ports() const { return root / "ports.json"; }        // while serving
  std::filesystem::path keys() const { return root / "keys"; }
  std::filesystem::path ca_certificate() const { return keys() / "ca.pem"; }
  std::filesystem::path ca_key() const { return keys() / "ca.key"; }
  std::filesystem::path server_certificate() const { return keys() / "server.pem"; }
  std::filesystem::path server_key() const { return keys() / "server.key"; }
  std::filesystem::path log_key() const { return keys() / "log.key"; }
  std::filesystem::path ssh_ed25519() const { return keys() / "ssh_host_ed25519_key"; }
  std::filesystem::path ssh_ecdsa() const { return keys() / "ssh_host_ecdsa_key"; }
};

}  // namespace pontlevis::gateway
