#include "certs/staff_card.hpp"

#include <algorithm>

#include "certs/openssh_key.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::certs {
namespace {

// EU, and Iceland, Liechtenstein and Norway.
constexpr std::string_view eea[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
                                    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};
static_assert(std::size(eea) == 30);
static_assert(std::is_sorted(std::begin(eea), std::end(eea)));

constexpr std::size_t max_name = 120;
constexpr std::size_t max_ref = 120;
constexpr auto max_life = std::chrono::days(3 * 366);

bool is_country(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::unexpected<Error> broken(std::string what, std::string hint = {}) {
  return fail(Errc::bad_input, std::move(what), "staff card", std::move(hint));
}

Commitment read_commitment(StrictObject& card, std::string_view name, Result<>& verdict) {
  StrictObject in(card.object(name), "staff card " + std::string(name));
  Commitment out{in.text("ref", 1, max_ref), {}};
  const auto day = from_date(in.text("signed_on", 10, 10));
  if (!day) in.blame("signed_on", "is not a date", "such as 2026-11-22");
  out.signed_on = day.value_or(Time{});
  if (auto done = in.finish(); !done && verdict) verdict = done;
  return out;
}

Result<> check_keys(const std::vector<std::string>& keys) {
  if (keys.empty() || keys.size() > max_card_keys)
    return broken("needs 1 to " + std::to_string(max_card_keys) + " SSH keys");
  for (const auto& key : keys) {
    if (auto good = check_ssh_key(key); !good) return broken("holds a key that " + good.error().what, good.error().hint);
    if (std::count(keys.begin(), keys.end(), key) != 1) return broken("holds the same key twice");
  }
  return {};
}

Result<> check_commitment(const Commitment& commitment, const CardFields& card, std::string_view name) {
  const std::string which(name);
  if (commitment.ref.empty()) return broken("lacks the commitment to " + which, "the person signs it before a card is made");
  if (commitment.signed_on > card.issued_at) return broken("has a commitment to " + which + " signed after the card was made");
  return {};
}

// The rules between fields, the same for the one who signs and for the one who opens.
Result<> check_rules(const CardFields& card) {
  if (!is_country(card.country)) return broken("needs a country of two capital letters", "such as FR");
  PL_CHECK(check_keys(card.keys));
  PL_CHECK(check_commitment(card.confidentiality, card, "confidentiality"));
  PL_CHECK(check_commitment(card.action_limit, card, "limitation of actions"));
  if (card.expires_at <= card.issued_at) return broken("ends before it begins");
  if (card.expires_at - card.issued_at > max_life) return broken("lives longer than three years");
  return {};
}

json::object commitment_body(const Commitment& c) { return {{"ref", c.ref}, {"signed_on", to_date(c.signed_on)}}; }

Result<CardFields> read_card(const json::object& body) {
  // The absent commitment has its own words: it is a rule of PGSSI-S, not a slip of the pen.
  for (const std::string_view name : {"confidentiality", "action_limit"})
    if (!body.contains(name))
      return broken("lacks the commitment '" + std::string(name) + "'", "both commitments are signed before a card is made");
  StrictObject in(body, "staff card");
  const auto id = in.id<CardId>("card_id");
  const auto login = in.id<Login>("login");
  std::string name = in.text("name", 1, max_name);
  std::string employer = in.text("employer", 1, max_name);
  std::optional<std::string> subprocessor;
  if (!in.is_null("subprocessor")) subprocessor = in.text("subprocessor", 1, max_name);
  std::string country = in.text("country", 2, 2);
  std::string qualification = in.text("qualification", 1, max_name);
  Result<> commitments;
  Commitment confidentiality = read_commitment(in, "confidentiality", commitments);
  Commitment action_limit = read_commitment(in, "action_limit", commitments);
  auto keys = in.texts("keys", 1, max_card_keys, 1024);
  const Time issued_at = in.time("issued_at");
  const Time expires_at = in.time("expires_at");
  PL_CHECK(in.finish());
  PL_CHECK(commitments);
  CardFields card{*id, *login, std::move(name), std::move(employer), std::move(subprocessor), std::move(country),
                  std::move(qualification), std::move(confidentiality), std::move(action_limit), std::move(keys), issued_at, expires_at};
  PL_CHECK(check_rules(card));
  // Parse, print, compare: the fixed order of fields is part of the form.
  if (card_body(card) != body || json::serialize(card_body(card)) != json::serialize(body))
    return broken("is not in its one form");
  return card;
}

Result<> check_time(const CardFields& card, Time now) {
  if (now >= card.expires_at)
    return fail(Errc::expired, "the staff card has expired on " + to_date(card.expires_at), "staff card",
                "the vendor issues a new one: pontlevis-certs card issue");
  if (now < card.issued_at)
    return fail(Errc::expired, "the staff card is not valid yet", "staff card", "check this machine's clock");
  return {};
}

Result<> check_revocation(const CardFields& card, const RevocationList& revoked) {
  const Revocation* found = revoked.find(card.id);
  if (!found) return {};
  return fail(Errc::not_allowed, "the staff card was revoked on " + to_date(found->revoked_at), "staff card");
}

std::unexpected<Error> in_card(Error error) {
  error.what = "the staff card " + error.what;
  if (error.where.empty()) error.where = "staff card";
  if (error.code == Errc::bad_input) error.hint = error.hint.empty() ? "ask the vendor for the card again" : error.hint;
  return std::unexpected(std::move(error));
}

}  // namespace

bool country_is_eea(std::string_view alpha2) noexcept { return std::binary_search(std::begin(eea), std::end(eea), alpha2); }

json::object card_body(const CardFields& c) {
  return {{"card_id", c.id.text()},
          {"login", c.login.text()},
          {"name", c.name},
          {"employer", c.employer},
          {"subprocessor", c.subprocessor ? json::value(*c.subprocessor) : json::value(nullptr)},
          {"country", c.country},
          {"qualification", c.qualification},
          {"confidentiality", commitment_body(c.confidentiality)},
          {"action_limit", commitment_body(c.action_limit)},
          {"keys", texts_json(c.keys)},
          {"issued_at", to_utc(c.issued_at)},
          {"expires_at", to_utc(c.expires_at)}};
}

bool VerifiedCard::has_key(std::string_view line) const noexcept {
  return std::find(fields_.keys.begin(), fields_.keys.end(), line) != fields_.keys.end();
}

Result<> VerifiedCard::still_valid(Time now, const RevocationList& revoked) const {
  PL_CHECK(check_time(fields_, now));
  return check_revocation(fields_, revoked);
}

Result<std::string> StaffCard::issue(const CardFields& fields, const NoteSigner& staff) {
  const auto body = card_body(fields);
  PL_CHECK(read_card(body));  // nobody signs what nobody could open
  return sign_statement(card_type, body, staff);
}

Result<VerifiedCard> StaffCard::open(std::string_view note, const NoteVerifier& staff, Time now, const RevocationList& revoked) {
  const auto body = open_statement(note, card_type, staff);
  if (!body) return in_card(body.error());
  PL_TRY(fields, read_card(*body));
  VerifiedCard card(std::move(fields), std::string(note));
  PL_CHECK(card.still_valid(now, revoked));
  return card;
}

Result<CardFields> StaffCard::peek(std::string_view note) {
  const auto statement = peek_statement(note);
  if (!statement) return in_card(statement.error());
  if (statement->type != card_type) return fail(Errc::bad_input, "is not a staff card but a '" + printable(statement->type, 40) + "'");
  return read_card(statement->body);
}

}  // namespace pontlevis::certs
