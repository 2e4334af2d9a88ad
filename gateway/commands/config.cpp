// `config`: the ssh_config block and the known_hosts lines with which the stock client asks no host-key question
// and skips none. The practice's keys are those whose fingerprints its signed consent names: a gateway
// that swapped them would have to forge that signature (design §6).
#include "certs/openssh_key.hpp"
#include "gateway/api/api_views.hpp"
#include "gateway/commands/all.hpp"
#include "protocol/host_words.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandGrammar grammar{"config", 0, 1, "[ID]", {}};

constexpr std::string_view known_hosts_file = "~/.ssh/pontlevis_known_hosts";

struct Place {
  std::string host, user, gateway_alias, gateway_host, port;
};

std::string common_lines() {
  return "    StrictHostKeyChecking yes\n"
         "    UserKnownHostsFile " + std::string(known_hosts_file) + "\n"
         "    ServerAliveInterval 15\n"
         "    ControlMaster auto\n"
         "    ControlPath ~/.ssh/pontlevis-%C\n"
         "    ControlPersist 10m\n";
}

std::string gateway_block(const Place& p) {
  return "Host " + p.gateway_alias + "\n    HostName " + p.gateway_host + "\n    Port " + p.port + "\n    User " + p.user +
         "\n    HostKeyAlias " + p.gateway_alias + "\n" + common_lines();
}

std::string system_block(const Place& p) {
  return "Host " + p.host + "\n    HostName " + p.host + "\n    Port 22\n    User " + p.user + "\n    ProxyJump " + p.gateway_alias +
         "\n    HostKeyAlias " + p.host + "\n" + common_lines();
}

// The words that the practice's page shows as well: of every key its consent vouches for.
std::string words_of(const std::vector<std::string>& keys) {
  std::vector<std::string> prints;
  for (const auto& key : keys) prints.push_back(certs::ssh_fingerprint(key));
  return host_words(std::move(prints));
}

// A desktop is reached by a forward and any VNC client; its password never leaves the practice's agent.
std::string desktop_line(const CommandCall& call, const Intervention& iv, const Place& place) {
  const auto tools = texts_of(*iv.consent, "tools");
  if (std::find(tools.begin(), tools.end(), "desktop") == tools.end()) return {};
  return "\n" + std::string(call.say("# The desktop, then a VNC client to localhost:5901, without password: ", "# Le bureau, puis un client VNC vers localhost:5901, sans mot de passe : ")) +
         "ssh -N -L 5901:desktop:5900 " + place.host + "\n";
}

Awaitable<Exit> run(CommandCall& call) {
  auto iv = pick_intervention(
      call, [](const Intervention& i) { return i.phase == Phase::consented || i.phase == Phase::open; },
      "none of yours has the practice's consent, and its host keys come with that");
  if (!iv) co_return show_error(call, iv.error());
  if (iv->phase != Phase::consented && iv->phase != Phase::open) {
    const Error error{Errc::conflict, "is " + std::string(state_words(Lang::en, iv->state)), "intervention " + short_id(iv->id()),
                      "config needs the practice's consent: its host keys come with that"};
    co_return show_error(call, error);
  }
  const auto* practice = call.counter.core.practices.find(iv->request.practice);
  const auto keys = practice ? consented_host_keys(*iv, *practice) : std::vector<std::string>{};
  if (keys.empty()) {
    const Error error{Errc::bad_signature, "no host key of the practice is named by its signed consent", "config", "ask the practice to check its agent"};
    co_return show_error(call, error);
  }
  const auto& options = call.counter.core.options;
  const Place place{iv->request.system.text() + "." + iv->request.practice.text(), call.login.text(), "pontlevis-gateway",
                    options.text("public.ssh_host"), std::to_string(call.counter.ssh_port())};
  const std::string blocks = gateway_block(place) + "\n" + system_block(place);
  std::vector<std::string> known;
  for (const auto& key : call.counter.host_key_lines()) known.push_back(place.gateway_alias + " " + key);
  for (const auto& key : keys) known.push_back(place.host + " " + key);
  if (call.json()) {
    show_json(call, {{"intervention", iv->id().text()}, {"host", place.host}, {"ssh_config", blocks}, {"known_hosts", texts_json(known)}, {"host_words", words_of(keys)}});
    co_return Exit::done;
  }
  call.io.out(std::string(call.say("# Put this into ~/.ssh/config:\n", "# À mettre dans ~/.ssh/config :\n")) + blocks + "\n");
  call.io.out(std::string(call.say("# Put these lines into ", "# Lignes à mettre dans ")) + std::string(known_hosts_file) + ":\n");
  for (const auto& line : known) call.io.out(line + "\n");
  call.io.out(desktop_line(call, *iv, place));
  call.io.out("\n" + std::string(call.say("# The practice reads the same words on its page: ", "# Le cabinet lit les mêmes mots sur sa page : ")) + words_of(keys) + "\n");
  co_return Exit::done;
}

constexpr Command value{grammar, run, "config [ID]", "the ssh_config block and known_hosts lines to connect with",
                        "le bloc ssh_config et les lignes known_hosts pour se connecter", "", ""};

}  // namespace

const Command& config_command() { return value; }

}  // namespace pontlevis::gateway
