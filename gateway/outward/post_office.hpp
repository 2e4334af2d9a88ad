// Letters: what is written, to whom, and how one try of one goes. Kept in the outbox like webhooks. Addresses of practices
// stand in a table of their own; nothing else here knows them. Owned by Outward; the loop's thread.
// requirements A44 (report to the practice), B22 (clocks), A18 (notices).
#pragma once

#include "gateway/outward/courier.hpp"
#include "gateway/outward/letter_texts.hpp"
#include "protocol/io/outward/smtp.hpp"

namespace pontlevis::gateway {

Result<> check_mail(const Options& options);

class PostOffice {
 public:
  PostOffice(Core& core, Outbox& outbox) : core_(core), outbox_(outbox) {}
  Result<> make_tables();
  bool wanted() const { return !core_.options.text("mail.host").empty(); }

  // ---- practices' addresses ----
  Result<> set_contact(const PracticeId& practice, const std::string& address);  // empty: none any more
  Result<std::string> contact(const PracticeId& practice);                       // empty: none
  Result<std::vector<std::pair<std::string, std::string>>> contacts();

  // ---- what is written ----
  // Once for each intervention that has a report and whose practice has an address. REQUIRES: a transaction of the caller.
  Result<> report(const Intervention& iv);
  // Yes: it is new. `key` names what it is about, so that the same is said once; empty: always new. No recipient: compliance.
  Result<bool> write(const std::string& subject, const std::string& key, const std::string& recipient, const LetterText& text,
                     const std::optional<InterventionId>& about = {});
  // As signals.mail gives it: an address, a practice's code, or empty for the compliance mailbox.
  Result<bool> notice(const std::string& recipient, const std::string& subject, const std::string& text);

  Awaitable<Tried> send(Message message);
  void stop() { sender_.stop(); }

 private:
  Result<io::SmtpServer> server() const;

  Core& core_;
  Outbox& outbox_;
  io::SmtpSender sender_;
};

}  // namespace pontlevis::gateway
