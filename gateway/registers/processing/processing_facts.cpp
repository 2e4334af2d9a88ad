#include "gateway/registers/processing/processing_facts.hpp"

#include <map>

#include "audit/schema.hpp"
#include "certs/staff_card.hpp"
#include "protocol/io/ssh/ssh_offered.hpp"
#include "protocol/io/tls/tls_offered.hpp"

namespace pontlevis::gateway {
namespace {

// Types that hold a personal field at all, by the days of the schema.
std::vector<KeptFor> kept_by_schema() {
  std::map<unsigned, KeptFor, std::greater<>> by_days;
  for (const auto& schema : audit::schemas()) {
    const bool personal = std::any_of(schema.own.begin(), schema.own.end(), [](const auto& f) { return f.cls != audit::FieldClass::open; });
    if (!personal) continue;
    auto& group = by_days[schema.keep_days];
    group.days = schema.keep_days;
    group.types.emplace_back(schema.type);
  }
  std::vector<KeptFor> out;
  for (auto& [days, group] : by_days) out.push_back(std::move(group));
  return out;
}

void read_people(ProcessingFacts& out, const Core& core) {
  for (const auto& login : core.technicians.logins()) {
    const auto card = core.technicians.valid_card(login);
    if (!card) continue;
    out.countries.insert(card->fields().country);
    out.employers.insert(card->fields().employer);
  }
  for (const auto& [id, one] : core.vendor_register.subprocessors())
    if (one.state == Authorisation::authorised) out.subprocessors.push_back(one);
  for (const auto& [id, practice] : core.practices.all()) {
    out.hostings.insert(practice.hosting);
    for (const auto& system : practice.systems) out.hostings.insert(system.hosting);
  }
}

void read_options(ProcessingFacts& out, const Options& o) {
  out.ip_days = audit::ip_days_live;  // fixed when a record is written: no option moves it
  out.backup_days = o.integer("backup.keep_days");
  out.key_backup_days = o.integer("backup.keys_keep_days");
  out.backups = !o.text("backup.folder").empty();
  out.webhook = !o.text("webhook.url").empty();
  out.syslog = !o.text("syslog.host").empty();
  out.csv = !o.text("csv.folder").empty();
  out.mail = !o.text("mail.host").empty();
  out.oidc = !o.text("oidc.issuer").empty();
  out.timestamps = !o.text("timestamp.command").empty() || !o.text("timestamp.url").empty();
  out.tries = o.integer("signin.tries");
  out.lock_minutes = o.integer("signin.lock_minutes");
  out.idle_minutes = o.integer("session.idle_minutes");
  out.session_hours = o.integer("session.hours");
  out.step_up_minutes = o.integer("session.step_up_minutes");
  out.most_minutes = o.integer("request.max_minutes");
}

}  // namespace

ProcessingFacts vendor_facts(const Core& core) {
  ProcessingFacts out;
  const auto& settings = core.vendor_register.settings();
  out.vendor = core.options.text("vendor.name");
  out.address = settings.vendor_address;
  out.dpo = settings.dpo_contact;
  return out;
}

ProcessingFacts processing_facts(const Core& core) {
  auto out = vendor_facts(core);
  out.version = PONTLEVIS_VERSION;
  out.recipients = core.vendor_register.settings().recipients;
  out.kept = kept_by_schema();
  out.tls = io::tls_algorithms_offered();
  out.ssh = io::ssh_algorithms_offered();
  read_people(out, core);
  read_options(out, core.options);
  // What differs from its default, without what only says where this gateway stands.
  for (const auto& key : core.options.changed())
    if (!key.starts_with("vendor.") && !key.starts_with("listen.") && !key.starts_with("public.")) out.changed.push_back(key);
  return out;
}

}  // namespace pontlevis::gateway
