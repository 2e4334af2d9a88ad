// The consent record inside a receipt, made from signed statements alone. Private to receipt*.cpp.
#pragma once

#include "audit/receipt.hpp"

namespace pontlevis::audit {

// One statement of the practice about a consent, verified, and what its journal says beside it.
struct Said {
  std::string type;
  json::object body;
  std::string note;
  std::string practice;
  LeafIndex index{};
};

// REQUIRES: all of one intervention, in the order of the journal. Errc::not_found without a decision.
Result<json::object> record_from(std::span<const Said> said, const ReceiptParties& parties, const NoteVerifier& key);
// What a record says that no statement did: the parties it was made with.
ReceiptParties parties_in(const json::object& record);

// The members of a receipt that never change.
json::object receipt_frame();
std::string receipt_id(std::span<const Said> said, std::string_view created_at);

// Member "a.b" of an object as text; empty when it is not there or no text.
std::string text_at(const json::object& object, std::string_view path);
const json::value* value_at(const json::object& object, std::string_view path);

}  // namespace pontlevis::audit
