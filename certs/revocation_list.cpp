#include "certs/staff_card.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::size_t max_reason = 300;
constexpr std::size_t max_revocations = 100'000;

Result<Revocation> read_revocation(const json::object& body) {
  StrictObject in(body, "card revocation");
  const auto card = in.id<CardId>("card_id");
  std::string reason = in.text("reason", 1, max_reason);
  const Time at = in.time("revoked_at");
  PL_CHECK(in.finish());
  return Revocation{*card, std::move(reason), at};
}

// The first note of a text of notes: a note ends with its signature lines, and the next begins with "pontlevis/".
std::string_view take_note(std::string_view& notes) {
  const auto next = notes.find("\npontlevis/");
  const auto size = next == notes.npos ? notes.size() : next + 1;
  const auto note = notes.substr(0, size);
  notes.remove_prefix(size);
  return note;
}

}  // namespace

std::string RevocationList::sign(const Revocation& revocation, const NoteSigner& staff) {
  const json::object body{{"card_id", revocation.card.text()},
                          {"reason", revocation.reason},
                          {"revoked_at", to_utc(revocation.revoked_at)}};
  return sign_statement(card_revocation_type, body, staff);
}

Result<bool> RevocationList::add(std::string_view note, const NoteVerifier& staff) {
  PL_TRY(body, open_statement(note, card_revocation_type, staff));
  PL_TRY(revocation, read_revocation(body));
  if (entries_.size() >= max_revocations) return fail(Errc::unavailable, "the list of revocations is full");
  const CardId card = revocation.card;
  return entries_.try_emplace(card, Entry{std::move(revocation), std::string(note)}).second;
}

Result<> RevocationList::add_all(std::string_view notes, const NoteVerifier& staff) {
  RevocationList all = *this;
  while (!notes.empty()) PL_CHECK(all.add(take_note(notes), staff));
  *this = std::move(all);
  return {};
}

const Revocation* RevocationList::find(const CardId& card) const {
  const auto at = entries_.find(card);
  return at == entries_.end() ? nullptr : &at->second.revocation;
}

std::string RevocationList::text() const {
  std::string out;
  for (const auto& [card, entry] : entries_) out += entry.note;
  return out;
}

}  // namespace pontlevis::certs
