#include "gateway/outward/post_office.hpp"

#include "gateway/events.hpp"
#include "gateway/outward/letter.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/outward/https_call.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_subject_bytes = 400, most_text_bytes = 64 * 1024, most_letter_bytes = 512 * 1024;
constexpr auto report_is_news = std::chrono::days(7);  // an address that is given later gets no old reports

// The number of a letter that says one thing once: a name for what it is about, in the form of a UUID (RFC 9562, version 8).
std::string id_for(const std::string& key) {
  const auto digest = sha256("pontlevis-letter\n" + key);
  auto hex = to_hex(digest.view().substr(0, 16));
  hex[12] = '8';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

Result<> address_in(const Options& options, OptionKey key, const char* name) {
  if (io::is_mail_address(options.text(key))) return {};
  return fail(Errc::bad_input, "'" + std::string(name) + "' is not a mail address", "options", "name@vendor.example, ASCII");
}

Result<Secret> password_of(const Options& options) {
  const auto& file = options.text("mail.password_file");
  if (options.text("mail.user").empty()) return Secret();
  if (file.empty()) return fail(Errc::bad_input, "'mail.password_file' is missing", "options", "mail.user has a password");
  PL_TRY(text, io::read_secret_file(file, 4096));
  auto password = text.expose();
  while (password.ends_with('\n')) password.remove_suffix(1);
  return Secret(password);
}

}  // namespace

Result<> check_mail(const Options& options) {
  PL_CHECK(address_in(options, "mail.from", "mail.from"));
  if (!options.text("mail.compliance").empty()) PL_CHECK(address_in(options, "mail.compliance", "mail.compliance"));
  const auto& security = options.text("mail.security");
  if (security != "tls" && security != "starttls") return fail(Errc::bad_input, "'mail.security' must be tls or starttls", "options", "no mail goes out in the clear");
  PL_CHECK(password_of(options));
  PL_CHECK(io::public_trust(options.text("mail.ca")));
  return {};
}

Result<> PostOffice::make_tables() {
  return core_.store->script("CREATE TABLE IF NOT EXISTS practice_contacts(practice TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT;");
}

// ---- addresses ----

Result<> PostOffice::set_contact(const PracticeId& practice, const std::string& address) {
  if (address.empty()) return core_.store->run("DELETE FROM practice_contacts WHERE practice = ?", practice.text());
  if (!io::is_mail_address(address)) return fail(Errc::bad_input, "is not a mail address", "mail", "name@practice.example, ASCII");
  return core_.store->run("INSERT INTO practice_contacts(practice, address) VALUES(?,?) ON CONFLICT(practice) DO UPDATE SET address = excluded.address", practice.text(), address);
}

Result<std::string> PostOffice::contact(const PracticeId& practice) {
  PL_TRY(address, core_.store->text("SELECT address FROM practice_contacts WHERE practice = ?", practice.text()));
  return address.value_or("");
}

Result<std::vector<std::pair<std::string, std::string>>> PostOffice::contacts() {
  std::vector<std::pair<std::string, std::string>> out;
  PL_TRY(rows, core_.store->query("SELECT practice, address FROM practice_contacts ORDER BY practice"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.emplace_back(rows.text(0), rows.text(1));
  }
}

// ---- what is written ----

Result<> PostOffice::report(const Intervention& iv) {
  if (!wanted() || !iv.report || core_.clock.now() - iv.report->reported_at > report_is_news) return {};
  PL_TRY(address, contact(iv.request.practice));
  if (address.empty()) return {};
  const auto text = report_letter(iv, core_.practices.find(iv.request.practice), core_.options.text("vendor.name"), core_.vendor_register.settings().dpo_contact);
  PL_TRY(fresh, write("report", "report " + iv.id().text(), address, text, iv.id()));
  static_cast<void>(fresh);
  return {};
}

Result<bool> PostOffice::write(const std::string& subject, const std::string& key, const std::string& recipient, const LetterText& text,
                               const std::optional<InterventionId>& about) {
  if (!wanted()) return false;
  const auto to = recipient.empty() ? core_.options.text("mail.compliance") : recipient;
  Message message;
  message.id = key.empty() ? make_uuid(core_.random) : id_for(key);
  message.channel = Channel::mail;
  message.subject = subject;
  message.intervention = about;
  const json::object body{{"to", to}, {"subject", text.subject.substr(0, whole_characters(text.subject, most_subject_bytes))},
                          {"text", text.text.substr(0, whole_characters(text.text, most_text_bytes))}};
  message.body = json::serialize(body);
  if (io::is_mail_address(to)) return outbox_.put(message, core_.clock.now());
  event(Level::warn, "mail.no_recipient", {{"subject", subject}});
  Settled nowhere{DeliveryState::refused, 0, to.empty() ? "mail.compliance is not set" : "is not a mail address", {}, {}, {}};
  PL_CHECK(outbox_.put_settled(message, nowhere, core_.clock.now()));
  return true;
}

Result<bool> PostOffice::notice(const std::string& recipient, const std::string& subject, const std::string& text) {
  auto to = recipient;
  if (const auto practice = PracticeId::parse(recipient); practice && recipient.find('@') == recipient.npos) {
    PL_TRY(address, contact(*practice));
    to = address.empty() ? recipient : address;  // nobody's address is refused, and a person sees it in the list
  }
  return write("notice", "", to, {subject, text});
}

// ---- one try ----

Result<io::SmtpServer> PostOffice::server() const {
  const auto& options = core_.options;
  PL_CHECK(check_mail(options));
  PL_TRY(password, password_of(options));
  const auto& from = options.text("mail.from");
  return io::SmtpServer{options.text("mail.host"), static_cast<unsigned short>(options.integer("mail.port")),
                        options.text("mail.security") == "tls" ? io::SmtpSecurity::tls : io::SmtpSecurity::starttls,
                        options.text("mail.ca"), options.text("mail.user"), std::move(password), from.substr(from.find('@') + 1)};
}

namespace {

Result<io::Letter> letter_of(const Core& core, const Message& message) {
  PL_TRY(body, parse_object(message.body, most_letter_bytes, "store, outbox"));
  LetterParts parts{message.id, core.options.text("mail.from"), core.options.text("vendor.name"), text_of(body, "to"), text_of(body, "subject"), text_of(body, "text"), "fr", message.created_at};
  return io::Letter{parts.from, parts.to, print_letter(parts)};
}

}  // namespace

Awaitable<Tried> PostOffice::send(Message message) {
  auto to = server();
  auto letter = letter_of(core_, message);
  if (!to || !letter) {
    const Tried broken{to ? Tried::Kind::refused : Tried::Kind::away, 0, to ? letter.error().what : to.error().what, {}, {}};
    co_return broken;
  }
  auto sending = sender_.send(*std::move(to), *std::move(letter));
  const auto answer = co_await std::move(sending);
  Tried out{Tried::Kind::later, answer.status, answer.why, {}, {}};
  if (answer.kind == io::SmtpAnswer::Kind::taken) out.kind = Tried::Kind::taken;
  else if (answer.kind == io::SmtpAnswer::Kind::refused) out.kind = Tried::Kind::refused;
  else if (answer.status == 0) out.kind = Tried::Kind::away;
  co_return out;
}

}  // namespace pontlevis::gateway
