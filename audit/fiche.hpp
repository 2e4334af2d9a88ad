// The main courante as a person reads it: one line an intervention, and the whole fiche of one, with
// the labels of requirements §4.1, in French or English. Read straight from the log's records.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/page.hpp"
#include "audit/source.hpp"

namespace pontlevis::audit {

enum class Language { french, english };

// What the records of one intervention say together.
struct Fiche {
  std::string id;
  std::string state;     // a word of requirements §4.1, or CANCELLED, NOT_ASKED, FORBIDDEN
  json::object merged;   // the latest word on each field
  std::vector<std::pair<LeafIndex, json::object>> records;
  std::vector<bool> sound;  // E ↔ D of each record
};

struct FicheProof {
  Checkpoint checkpoint;
  std::vector<Cosignature> cosigned;  // the first of each witness over a checkpoint that covers the fiche
};

Result<Fiche> read_fiche(Source& source, const std::string& id);
Result<Fiche> fiche_of(const std::string& id, const std::vector<StoredRecord>& records);  // of one intervention, in order
Result<FicheProof> read_proof(Source& source, const Fiche& fiche);

std::string print_table(const std::vector<Fiche>& fiches, Language language);
std::string print_fiche(const Fiche& fiche, const FicheProof& proof, Language language);
std::vector<PageItem> fiche_items(const Fiche& fiche, const FicheProof& proof, Language language);  // the same, to be laid out
json::object fiche_json(const Fiche& fiche, const FicheProof& proof);
json::object summary_json(const Fiche& fiche);

// The words of a code in the language, e.g. WITHDRAWN: "accord retiré"; the code itself when unknown.
std::string word(std::string_view code, Language language);

}  // namespace pontlevis::audit
