// The files of the recordings, and their destruction. Private to this folder; the vault's lock guards it.
//   keys/<id>.key          32 bytes, 0600
//   <id>/recording.json    what is known of it, no secret
//   <id>/<stream>.cast.enc
//   certificates/<id>.json a certificate the journal does not hold yet;  certificates/last  digest of the last one
#pragma once

#include "agent/recorder/recording_vault.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

// A destruction that was decided, and what its certificate will say of what is gone.
struct Doom {
  DestroyReason reason{};
  std::string by;          // login, or AUTOMATON
  std::string commitment;  // as RecordingSummary::sha256
  unsigned files = 0;
};

struct RecordingCard {
  RecordingInfo info;
  std::optional<Doom> doom;
};

class RecordingFolder {
 public:
  static Result<RecordingFolder> open(const std::filesystem::path& data);

  std::filesystem::path of(const InterventionId& id) const { return root_ / id.text(); }
  std::filesystem::path cast(const InterventionId& id, unsigned stream) const;
  Result<std::vector<InterventionId>> all() const;
  Result<std::optional<RecordingCard>> card(const InterventionId& id) const;
  Result<> keep_card(const RecordingCard& card) const;
  // The streams whose files are there, in order.
  Result<std::vector<unsigned>> streams(const InterventionId& id) const;
  // As RecordingSummary::sha256, from the files that are there, and their bytes.
  struct Content {
    std::string sha256;
    std::uint64_t bytes = 0;
    unsigned files = 0;
  };
  Result<Content> content(const InterventionId& id) const;

  Result<> keep_key(const InterventionId& id, const Secret& key) const;
  Result<Secret> key(const InterventionId& id) const;
  Result<> destroy_key(const InterventionId& id) const;    // overwritten, then gone; none is no error
  Result<> destroy_files(const InterventionId& id) const;  // all but its card
  bool is_gone(const InterventionId& id) const;            // neither key nor files; on any doubt, no
  Result<> forget(const InterventionId& id) const;         // the card too
  bool is_known(const InterventionId& id) const;           // anything at all; on any doubt, yes

  Result<std::string> last_certificate() const;            // its digest, hex; empty before the first
  Result<> keep_certificate(const Destruction& made) const;
  Result<std::vector<Destruction>> unkept() const;
  Result<> certificate_kept(const InterventionId& id) const;

 private:
  explicit RecordingFolder(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path key_file(const InterventionId& id) const { return root_ / "keys" / (id.text() + ".key"); }
  std::filesystem::path certificate_file(const InterventionId& id) const { return root_ / "certificates" / (id.text() + ".json"); }
  std::filesystem::path root_;
};

// SHA-256 over "STREAM SHA256\n", in the order of the streams.
std::string content_digest(const std::vector<std::pair<unsigned, Digest>>& files);

}  // namespace pontlevis::agent
