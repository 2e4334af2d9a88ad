// What the commands of pontlevis-audit share. Each declares its options and leaves its exit code:
// 0 verified or done, 1 verification failed, 2 could not run.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "audit/fiche.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit::tool {

constexpr int verified = 0, not_verified = 1, could_not_run = 2;

// Declares the command; `exit_code` outlives the parsing.
void declare_verify(CLI::App& app, int& exit_code);
void declare_show(CLI::App& app, int& exit_code);
void declare_export(CLI::App& app, int& exit_code);
void declare_evidence(CLI::App& app, int& exit_code);

int trouble(const Error& error);  // says it on standard error
void print_json(const json::value& value);
Language language_of(const std::string& word);
// A verifier key, or the name of a file that holds one.
Result<NoteVerifier> read_key(const std::string& text);

}  // namespace pontlevis::audit::tool
