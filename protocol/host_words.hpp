// Four short words that stand for a practice's SSH host keys, for two people to compare on the phone:
// the practice's page and the technician's side show the same ones, computed apart (design §6).
// 64 bits of a SHA-256 as "proquints": each word is consonant, vowel, consonant, vowel, consonant,
// sayable in French and in English. Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace pontlevis {

// `fingerprints`: "SHA256:…" of every host key, in any order.
std::string host_words(std::vector<std::string> fingerprints);

// 16 bits as one such word, e.g. 0x7f00 = "lusab".
std::string proquint(unsigned value);

}  // namespace pontlevis
