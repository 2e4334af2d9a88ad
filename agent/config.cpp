#include "agent/config.hpp"

namespace pontlevis::agent {
namespace {

std::unexpected<Error> bad(const std::filesystem::path& file, std::string what, std::string hint) {
  return fail(Errc::bad_input, std::move(what), file.string(), std::move(hint));
}

}  // namespace

Result<Config> Config::read(const std::filesystem::path& file, const io::OptionTexts& flags, const char* const* environment) {
  PL_TRY(values, io::OptionValues::read(option_table, file, flags, environment));
  Config out(file, std::move(values));
  for (const char* key : {"notice.vendor_name", "notice.vendor_address", "notice.dpo_contact"})
    if (out.text(key).empty())
      return bad(file, std::string(key) + " is missing", "a practice must be told who it deals with before it agrees");
  const auto& language = out.text("agent.language");
  if (language != "fr" && language != "en") return bad(file, "agent.language must be fr or en", "fr");
  const auto& desktop = out.text("notify.desktop");
  if (desktop != "auto" && desktop != "off") return bad(file, "notify.desktop must be auto or off", "auto");
  const auto& profile = out.text("agent.password_profile");
  if (profile != "phone" && profile != "pgssi-s") return bad(file, "agent.password_profile must be phone or pgssi-s", "phone");
  return out;
}

std::filesystem::path Config::systems_file() const { return file_.parent_path() / text("agent.systems"); }

Language Config::language() const { return text("agent.language") == "en" ? Language::english : Language::french; }

PasswordProfile Config::profile() const {
  return text("agent.password_profile") == "pgssi-s" ? PasswordProfile::pgssi_s : PasswordProfile::phone;
}

NoticeParties Config::parties() const {
  const auto& rights = text("notice.rights_contact");
  return {text("agent.practice_name"), text("notice.vendor_name"), text("notice.vendor_address"), text("notice.dpo_contact"), text("notice.recipients"),
          text("notice.transfers"), rights.empty() ? text("notice.dpo_contact") : rights};
}

}  // namespace pontlevis::agent
