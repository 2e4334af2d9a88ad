#include "agent/rehearsal/sample_script.hpp"

namespace pontlevis::agent {
namespace {

// The lines of one round; the last are said again and again. No quote and no backslash stands in them.
constexpr std::string_view french_begin[] = {
    "Ceci est un entraînement : rien n’est modifié sur ce poste.",
    "",
    "$ vérifier l’espace disque",
    "  disque des données      61 % utilisé",
    "  disque du système       38 % utilisé",
    "$ lister les sauvegardes",
    "  sauvegarde de lundi     terminée à 22 h 14",
    "  sauvegarde de mardi     terminée à 22 h 11",
    "$ relancer la sauvegarde d’essai",
};
constexpr std::string_view french_again[] = {
    "  fichiers d’essai copiés : lot",
    "  contrôle du lot : correct",
    "  vous pouvez suspendre, reprendre ou arrêter à tout moment",
};
constexpr std::string_view english_begin[] = {
    "This is a rehearsal: nothing on this machine is changed.",
    "",
    "$ check the disk space",
    "  data disk               61 % used",
    "  system disk             38 % used",
    "$ list the backups",
    "  backup of Monday        done at 22:14",
    "  backup of Tuesday       done at 22:11",
    "$ start the sample backup",
};
constexpr std::string_view english_again[] = {
    "  sample files copied: batch",
    "  check of the batch: correct",
    "  you can pause, resume or stop at any moment",
};

std::string pace_text(Millis pace) {
  const auto ms = std::max<std::int64_t>(pace.count(), 1);
  std::string fraction = std::to_string(ms % 1000);
  return std::to_string(ms / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

void say(std::string& out, std::string_view line, std::string_view more = {}) {
  out += "printf '%s\\n' '" + std::string(line) + "'" + std::string(more) + "\nsleep \"$pace\"\n";
}

}  // namespace

std::string sample_script(std::string_view language, Millis pace) {
  const bool french = language == "fr";
  std::string out = "pace=" + pace_text(pace) + "\nn=1\n";
  for (auto line : french ? std::span(french_begin) : std::span(english_begin)) say(out, line);
  const auto again = french ? std::span(french_again) : std::span(english_again);
  out += "while :; do\n";
  say(out, again[0], "\" $n\"");
  for (auto line : again.subspan(1)) say(out, line);
  return out + "n=$((n + 1))\ndone\n";
}

}  // namespace pontlevis::agent
