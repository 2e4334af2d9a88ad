// The gateway's options: one table over protocol/io/options. A value; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/io/options/options.hpp"

namespace pontlevis::gateway {

using io::flag_name;
using io::OptionRule;
using io::OptionTexts;
using io::OptionType;

inline constexpr OptionRule option_table[] = {
    {"vendor.name", OptionType::text, "", 1, 200, "The vendor's name, as practices read it in every request. Required."},
    {"vendor.address", OptionType::text, "", 0, 300, "The vendor's postal address."},
    {"vendor.dpo_contact", OptionType::text, "", 0, 300, "Who answers for data protection: an address people can write to. Required to serve."},
    {"listen.https_address", OptionType::text, "0.0.0.0", 2, 64, "Where agents connect: an IP address."},
    {"listen.https_port", OptionType::integer, "8443", 0, 65535, "0 takes a free port; ports.json says which."},
    {"listen.ssh_address", OptionType::text, "0.0.0.0", 2, 64, "Where technicians connect: an IP address."},
    {"listen.ssh_port", OptionType::integer, "2222", 0, 65535, "0 takes a free port."},
    {"listen.metrics_address", OptionType::text, "127.0.0.1", 2, 64, "Prometheus metrics; a loopback address only."},
    {"listen.metrics_port", OptionType::integer, "9464", 0, 65535, "0 takes a free port."},
    {"public.ssh_host", OptionType::text, "localhost", 1, 253, "The name under which technicians reach the SSH port."},
    {"public.ssh_port", OptionType::integer, "0", 0, 65535, "Its port as technicians see it; 0: the one listened on."},
    {"request.lifetime_minutes", OptionType::integer, "30", 1, 1440, "How long a practice has to answer before a request lapses."},
    {"request.max_minutes", OptionType::integer, "480", 1, 480, "The longest intervention a technician may ask for."},
    {"request.notice_hours", OptionType::integer, "0", 0, 720, "How long before its window a planned intervention is announced, and that others be emergencies; 0: no rule."},
    {"relay.dial_seconds", OptionType::integer, "15", 1, 60, "How long an agent has to dial the relay it was asked for."},
    {"limits.relays", OptionType::integer, "256", 1, 10000, "Operator connections relayed at one time."},
    {"limits.agents", OptionType::integer, "20000", 1, 100000, "HTTPS connections at one time."},
    {"limits.live_interventions", OptionType::integer, "20000", 1, 100000, "Interventions that are not closed, in all."},
    {"limits.ssh_connections", OptionType::integer, "512", 1, 10000, "Technicians' connections at one time."},
    {"limits.ssh_per_source", OptionType::integer, "8", 1, 512, "Connections of one address that have not signed in yet."},
    {"signin.tries", OptionType::integer, "5", 2, 10, "Wrong one-time codes before an account is locked."},
    {"signin.lock_minutes", OptionType::integer, "15", 1, 1440, "How long it stays locked, and the time in which tries count."},
    {"signin.tries_per_source", OptionType::integer, "20", 5, 1000, "Wrong sign-ins of one address, with whatever names, before it must wait as long."},
    {"console.origin", OptionType::text, "", 0, 500, "Where browsers find the console: https://name[:port], several apart by a blank; empty: https://<public.ssh_host>:<the port listened on>."},
    {"console.language", OptionType::text, "fr", 2, 2, "fr or en: the language before a person chooses."},
    {"session.idle_minutes", OptionType::integer, "30", 2, 480, "How long a person may be away before signing in again."},
    {"session.hours", OptionType::integer, "12", 1, 24, "How long a sign-in to the console lasts at most."},
    {"session.step_up_minutes", OptionType::integer, "5", 1, 60, "How long after a code or passkey a person may ask for interventions and change what is administered."},
    {"oidc.issuer", OptionType::text, "", 0, 300, "The identity provider people may sign in with, as its tokens name it; empty: none."},
    {"oidc.name", OptionType::text, "", 0, 60, "What the button of the console calls it."},
    {"oidc.client_id", OptionType::text, "", 0, 200, "The console's name at the provider."},
    {"oidc.client_secret_file", OptionType::text, "", 0, 300, "File with its secret there; empty: a public client (PKCE alone)."},
    {"oidc.ca", OptionType::text, "", 0, 300, "File with the CA of the provider's certificate; empty: those this machine trusts."},
    {"oidc.mfa", OptionType::text, "", 0, 200, "A value of the token's amr or acr that proves a second factor, as step-up; empty: a code is asked for."},
    {"oidc.login_claim", OptionType::text, "", 0, 60, "preferred_username or email: finds the account nobody has linked yet; empty: an administrator links each."},
    {"retention.hour", OptionType::integer, "3", 0, 23, "The hour (UTC) after which the day's destruction runs."},
    {"backup.folder", OptionType::text, "", 0, 300, "Where encrypted copies are put; empty: none are made, and `check` says so."},
    {"backup.recipient", OptionType::text, "", 0, 200, "Public half of the recovery key, as age-keygen prints it (age1…); the other half stays offline."},
    {"backup.hour", OptionType::integer, "2", 0, 23, "The hour (UTC) after which the day's copy is made."},
    {"backup.keep_days", OptionType::integer, "30", 1, 30, "How long a copy of the data is kept (requirements T5)."},
    {"backup.keys_keep_days", OptionType::integer, "7", 1, 7, "How long a copy of the field keys is kept: what was destroyed can be read from no copy after it."},
    {"witness.checkpoint_minutes", OptionType::integer, "60", 1, 1440, "How often every connected practice is asked to cosign the log."},
    {"timestamp.command", OptionType::text, "", 0, 500, "A program and its arguments, apart by blanks: an RFC 3161 query on its standard input, the reply on its output; empty: none."},
    {"timestamp.url", OptionType::text, "", 0, 500, "An RFC 3161 authority over HTTPS; empty: none."},
    {"timestamp.ca", OptionType::text, "", 0, 300, "File with the CA of that authority's certificate: its answers are checked against it."},
    {"webhook.url", OptionType::text, "", 0, 500, "The customer-relations system: https only; empty: none (requirements A39)."},
    {"webhook.secret_file", OptionType::text, "", 0, 300, "File with the secret that signs each message (HMAC-SHA256)."},
    {"webhook.ca", OptionType::text, "", 0, 300, "File with the CA of its certificate; empty: those this machine trusts."},
    {"webhook.give_up_hours", OptionType::integer, "72", 1, 720, "How long a message is tried before it is put aside for a person."},
    {"syslog.host", OptionType::text, "", 0, 253, "A syslog server over TLS (RFC 5425); empty: none."},
    {"syslog.port", OptionType::integer, "6514", 1, 65535, "Its port."},
    {"syslog.ca", OptionType::text, "", 0, 300, "File with the CA of its certificate."},
    {"csv.folder", OptionType::text, "", 0, 300, "Where a CSV of the closed interventions is put each day; empty: none."},
    {"mail.host", OptionType::text, "", 0, 253, "A mail server that takes our mail; empty: no mail is sent."},
    {"mail.port", OptionType::integer, "465", 1, 65535, "Its port."},
    {"mail.security", OptionType::text, "tls", 3, 8, "tls from the first byte, or starttls; never in the clear."},
    {"mail.ca", OptionType::text, "", 0, 300, "File with the CA of its certificate; empty: those this machine trusts."},
    {"mail.user", OptionType::text, "", 0, 200, "The account there; empty: none."},
    {"mail.password_file", OptionType::text, "", 0, 300, "File with its password."},
    {"mail.from", OptionType::text, "", 0, 200, "The sender's address."},
    {"mail.compliance", OptionType::text, "", 0, 200, "Who is told of clocks that run out, drafts of breaches and alarms."},
    {"log.level", OptionType::text, "info", 4, 5, "debug, info, warn or error."},
};
inline constexpr io::OptionTable gateway_options{"gateway", option_table};

// A key of the table, checked when the program is compiled.
class OptionKey {
 public:
  consteval OptionKey(const char* key) : at_(gateway_options.place(key)) {}  // NOLINT: implicit on purpose
  std::size_t at() const { return at_; }

 private:
  std::size_t at_;
};

class Options {
 public:
  // Every error names file and line, variable or flag.
  static Result<Options> read(const std::optional<std::filesystem::path>& file, const OptionTexts& flags,
                              const char* const* environment);
  static Options defaults() { return Options(io::OptionValues(gateway_options)); }

  std::int64_t integer(OptionKey key) const { return values_.integer_at(key.at()); }
  const std::string& text(OptionKey key) const { return values_.text_at(key.at()); }
  std::vector<std::string> changed() const { return values_.changed(); }
  std::string all_text() const { return values_.all_text(); }
  Result<> set(std::string_view key, std::string_view value, const std::string& where) { return values_.set(key, value, where); }

 private:
  explicit Options(io::OptionValues values) : values_(std::move(values)) {}
  io::OptionValues values_;
};

inline std::string commented_options(const OptionTexts& set) { return io::commented_options(gateway_options, set); }
inline std::string environment_name(std::string_view key) { return io::environment_name(gateway_options, key); }

}  // namespace pontlevis::gateway
