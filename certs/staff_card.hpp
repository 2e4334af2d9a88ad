// Who an operator is: a statement of type `card`, signed by the vendor's offline staff key (design §3).
// The agent and the gateway believe nothing about a person but a VerifiedCard, and only StaffCard::open
// can make one, so that an unsigned, expired or revoked card is not a value anybody can hold.
// PGSSI-S 6.6.1.2: both commitments, confidentiality and limitation of actions, or no card.
// requirements A10, A11. Immutable; any thread.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/ids.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::certs {

constexpr std::string_view card_type = "card";
constexpr std::string_view card_revocation_type = "card-revocation";
constexpr std::size_t max_card_keys = 8;

struct CardTag {
  static constexpr const char* what = "card number";
  static constexpr const char* rule = "a UUID, as `pontlevis-certs card show` prints it";
  static bool valid(std::string_view t) noexcept { return is_uuid(t); }
};
using CardId = Id<CardTag>;

// A commitment the person signed: the document's reference at the vendor, and the day.
struct Commitment {
  std::string ref;
  Time signed_on{};  // midnight UTC of that day
  bool operator==(const Commitment&) const = default;
};

// What a card says. A plain value: it proves nothing by itself.
struct CardFields {
  CardId id;
  Login login;
  std::string name;
  std::string employer;
  std::optional<std::string> subprocessor;  // the sub-processor's reference, when the employer is one
  std::string country;                      // ISO 3166-1 alpha-2, upper case
  std::string qualification;
  Commitment confidentiality;
  Commitment action_limit;
  std::vector<std::string> keys;            // OpenSSH lines without comment, 1 to max_card_keys
  Time issued_at{};
  Time expires_at{};
  bool operator==(const CardFields&) const = default;
};

// EU and EEA member states. Others are refused by policy unless a transfer basis is declared (A11).
bool country_is_eea(std::string_view alpha2) noexcept;

class RevocationList;

class VerifiedCard {
 public:
  const CardFields& fields() const noexcept { return fields_; }
  const CardId& id() const noexcept { return fields_.id; }
  const Login& login() const noexcept { return fields_.login; }
  const std::string& note() const noexcept { return note_; }  // the signed text, to pass on or log
  bool has_key(std::string_view ssh_key_line) const noexcept;
  bool is_eea() const noexcept { return country_is_eea(fields_.country); }
  // A card may expire or be revoked after it was opened: ask again at each step of an intervention.
  Result<> still_valid(Time now, const RevocationList& revoked) const;

 private:
  friend class StaffCard;
  VerifiedCard(CardFields fields, std::string note) : fields_(std::move(fields)), note_(std::move(note)) {}
  CardFields fields_;
  std::string note_;
};

class StaffCard {
 public:
  // The vendor's offline side. Fails on the rules open() would fail on, but not on today's date.
  static Result<std::string> issue(const CardFields& fields, const NoteSigner& staff);
  // Errc::bad_signature unsigned or signed by another key; bad_input a rule of form, a missing
  // commitment; expired past its time, or not yet begun; not_allowed revoked.
  static Result<VerifiedCard> open(std::string_view note, const NoteVerifier& staff, Time now,
                                   const RevocationList& revoked);
  // What a card claims, for showing it to a person. Nothing is verified.
  static Result<CardFields> peek(std::string_view note);
};

struct Revocation {
  CardId card;
  std::string reason;
  Time revoked_at{};
};

// The revocations one holder knows, each verified. It only grows: a revoked card stays revoked.
class RevocationList {
 public:
  static std::string sign(const Revocation& revocation, const NoteSigner& staff);
  // Adds one verified revocation; adding it again changes nothing. The answer says whether it was new.
  Result<bool> add(std::string_view note, const NoteVerifier& staff);
  // Notes one after another, as a file or a reply carries them; all or none is added.
  Result<> add_all(std::string_view notes, const NoteVerifier& staff);
  const Revocation* find(const CardId& card) const;
  std::string text() const;  // every note, in the order of the card ids
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry { Revocation revocation; std::string note; };
  std::map<CardId, Entry> entries_;
};

boost::json::object card_body(const CardFields& fields);  // the statement's body, in its fixed order

}  // namespace pontlevis::certs
