// A statement: a fact one party signs for ever. A signed note whose text is
//
//   pontlevis/<type>/v1\n
//   {canonical JSON object}\n
//
// The type line separates the domains: a signature made for one type never passes for another.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis {

constexpr std::size_t max_statement_bytes = 64 * 1024;

std::string sign_statement(std::string_view type, const boost::json::object& body, const NoteSigner& signer);

struct Statement {
  std::string type;
  boost::json::object body;
};

// Parses and verifies. Fails on wrong type, wrong key, non-canonical body.
Result<boost::json::object> open_statement(std::string_view note, std::string_view type, const NoteVerifier& key);

// The type and body of a statement whose signer is not known yet. Nothing is verified.
Result<Statement> peek_statement(std::string_view note);

}  // namespace pontlevis
