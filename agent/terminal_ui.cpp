#include "agent/terminal_ui.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace json = boost::json;

namespace {

struct EchoOff {
  termios before{};
  bool changed = false;
  EchoOff() {
    if (::tcgetattr(STDIN_FILENO, &before) != 0) return;
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~EchoOff() {
    if (changed) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  }
};

Secret read_line() {
  std::vector<char> line;
  char c = 0;
  while (line.size() < 256 && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line.push_back(c);
  return Secret(std::move(line));
}

Secret first_line(const Secret& text) {
  const auto all = text.expose();
  return Secret(all.substr(0, all.find('\n')));
}

bool french(Language l) { return l == Language::french; }
std::string number_of(const json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v && !v->is_null() ? json::serialize(*v) : std::string{"0"};
}

std::string people(const json::object& o) {
  std::string out;
  for (const auto& p : o.at("operators").as_array())
    out += (out.empty() ? "" : ", ") + text_of(p.as_object(), "name") + " (" + text_of(p.as_object(), "employer") + ")";
  return out;
}

std::string joined(const json::array& list) {
  std::string out;
  for (const auto& v : list) out += (out.empty() ? "" : ", ") + std::string(v.as_string());
  return out;
}

void line(const char* label, const std::string& value) { std::printf("  %-12s %s\n", label, value.c_str()); }

}  // namespace

Result<Secret> ask_password(const std::string& file, const std::string& prompt) {
  if (!file.empty()) {
    PL_TRY(text, io::read_secret_file(file));
    return first_line(text);
  }
  if (!::isatty(STDIN_FILENO)) return read_line();
  std::fprintf(stderr, "%s", prompt.c_str());
  const EchoOff quiet;
  Secret typed = read_line();
  std::fprintf(stderr, "\n");
  return typed;
}

std::string wrapped(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find_first_of(" \n", at);
    if (end == text.npos) end = text.size();
    const auto word = text.substr(at, end - at);
    const auto width = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    if (column > 0 && column + 1 + width > columns) out += "\n", column = 0;
    if (column > 0) out += " ", ++column;
    out += word;
    column += width;
    if (end < text.size() && text[end] == '\n') out += "\n", column = 0;
    at = end + 1;
  }
  return out;
}

void print_requests(const json::array& requests, Language language) {
  if (requests.empty()) return static_cast<void>(std::puts(french(language) ? "Aucune demande. Le pont-levis est levé." : "No request. The drawbridge is up."));
  for (const auto& value : requests) {
    const auto& r = value.as_object();
    std::printf("%s %s\n", french(language) ? "Demande" : "Request", text_of(r, "intervention").c_str());
    line(french(language) ? "Qui" : "Who", people(r));
    line(french(language) ? "Pourquoi" : "Why", text_of(r, "reason"));
    line(french(language) ? "Sur quoi" : "On what", text_of(r, "system") + " (" + joined(r.at("tools").as_array()) + ")");
    line(french(language) ? "Durée" : "For", number_of(r, "minutes") + " min");
    line(french(language) ? "Expire" : "Expires", text_of(r, "expires_at"));
  }
}

namespace {
struct Line {
  const char* word;
  const char* fr;
  const char* en;
};
constexpr Line phases[] = {{"REQUESTED", "attend votre décision", "waits for your decision"},
                           {"CONSENTED", "accordée, preuve attendue", "agreed, proof awaited"},
                           {"OPEN", "OUVERTE", "OPEN"}};
constexpr Line holds[] = {{"NONE", "en cours", "running"},
                          {"PAUSED", "en pause par vous", "paused by you"},
                          {"NOBODY_WATCHES", "en pause : personne ne regarde", "paused: nobody watches"},
                          {"PAIR_INCOMPLETE", "en pause : binôme incomplet", "paused: the pair is not complete"},
                          {"ENDED", "terminée", "ended"}};
template <std::size_t N>
std::string say(const Line (&lines)[N], const std::string& word, Language language) {
  for (const auto& l : lines)
    if (word == l.word) return french(language) ? l.fr : l.en;
  return word;
}
}  // namespace

void print_status(const json::object& s, Language language) {
  const bool fr = french(language);
  const bool down = text_of(s, "drawbridge") == "DOWN";
  std::puts(down ? (fr ? "Le pont-levis est BAISSÉ : un accès est ouvert." : "The drawbridge is DOWN: access is open.")
                 : (fr ? "Le pont-levis est levé : aucun accès n'est ouvert." : "The drawbridge is up: no access is open."));
  line(fr ? "Cabinet" : "Practice", text_of(s, "practice"));
  const auto problem = text_of(s, "link_problem");
  line(fr ? "Passerelle" : "Gateway", text_of(s, "link") == "UP" ? (fr ? "jointe" : "reached") : (fr ? "injoignable" : "not reached") + (problem.empty() ? "" : ": " + problem));
  line("Journal", text_of(s, "journal") == "OK" ? (fr ? "en ordre" : "in order") : (fr ? "EN PANNE, rien ne s'ouvre" : "FAILED, nothing opens"));
  if (s.at("alarm").as_bool()) line(fr ? "ALERTE" : "ALARM", fr ? "le journal de la passerelle se contredit : plus rien ne s'ouvre. À lire : pontlevis-agent alarm show"
                                                              : "the gateway's log contradicts itself: nothing opens any more. Read: pontlevis-agent alarm show");
  const auto& witness = s.at("witness").as_object();
  line(fr ? "Témoin" : "Witness", text_of(witness, "log") + ", " + number_of(witness, "cosigned") + (fr ? " enregistrements contresignés" : " records cosigned"));
  if (witness.at("quiet").as_bool()) line(fr ? "Remarque" : "Remark", fr ? "aucun point de contrôle à contresigner depuis plus de trois heures" : "no checkpoint to cosign for more than three hours");
  if (const auto* changed = witness.at("log_changed").if_object())
    line(fr ? "Journal" : "Log", (fr ? "remplacé par " : "replaced by ") + text_of(*changed, "to") + " (" + text_of(*changed, "cause") + ", " + text_of(*changed, "at") + ")");
  if (!text_of(s, "last_attempt").empty()) line(fr ? "Tenté" : "Tried", text_of(s, "last_attempt"));
  for (const auto& value : s.at("interventions").as_array()) {
    const auto& i = value.as_object();
    std::printf("\n%s  %s\n", text_of(i, "intervention").c_str(), say(phases, text_of(i, "phase"), language).c_str());
    line(fr ? "Qui" : "Who", people(i));
    line(fr ? "Sur quoi" : "On what", text_of(i, "system") + " (" + joined(i.at("tools").as_array()) + ")");
    if (const auto* value_of_session = i.if_contains("session")) {
      const auto& session = value_of_session->as_object();
      line(fr ? "État" : "State", say(holds, text_of(session, "hold"), language));
      line(fr ? "Connectés" : "Connected", joined(session.at("connected").as_array()));
      line(fr ? "Reste" : "Left", number_of(session, "seconds_left") + " s");
    }
  }
}

void print_notice(const json::object& shown, bool more, Language) {
  std::printf("%s\n", wrapped(text_of(shown, "notice")).c_str());
  if (more) std::printf("%s\n", wrapped(text_of(shown, "more")).c_str());
}

void print_code(const json::object& p, Language language) {
  std::printf(french(language) ? "\n  Mot de passe pour %s :   %s\n" : "\n  Password for %s:   %s\n", text_of(p, "name").c_str(), text_of(p, "password").c_str());
}

void print_opened(const json::object& opened, Language language) {
  const bool fr = french(language);
  std::printf(fr ? "L'accès est ouvert pour %s minutes.\n" : "Access is open for %s minutes.\n", number_of(opened, "minutes").c_str());
  for (const auto& p : opened.at("passwords").as_array()) print_code(p.as_object(), language);
  std::puts(fr ? "\nLisez-le au téléphone à cette personne seulement. Il sert une seule fois, dans les dix minutes."
               : "\nRead it on the phone to that person only. It works once, within ten minutes.");
  std::printf(fr ? "Pour tout arrêter : pontlevis-agent stop %s\n" : "To stop everything: pontlevis-agent stop %s\n", text_of(opened, "intervention").substr(0, 8).c_str());
  for (const auto& print : opened.at("host_keys").as_array()) std::printf(fr ? "Empreinte de ce poste : %s\n" : "Fingerprint of this end: %s\n", std::string(print.as_string()).c_str());
}

}  // namespace pontlevis::agent
