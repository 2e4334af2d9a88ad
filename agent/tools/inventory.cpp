#include "agent/tools/inventory.hpp"

#include <set>
#include <sstream>
#include <toml.hpp>

#include "agent/tools/environment.hpp"
#include "protocol/access_request.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr std::size_t max_systems = 64;
constexpr std::size_t max_tcp = 13;  // a frame carries at most 16 tools a system

std::string place(const std::string& file, const toml::value& value) {
  return file + ":" + std::to_string(value.location().line());
}

// Reads one TOML table strictly. As StrictObject: the first fault stays, values are placeholders
// until finish() has said yes.
class StrictTable {
 public:
  StrictTable(const toml::value& value, const std::string& file) : value_(value), file_(file) {
    if (!value.is_table()) blame(value, "is not a table", "write it as [table]");
  }

  bool has(const std::string& key) const { return value_.is_table() && value_.as_table().contains(key); }
  // A table or list below, or null.
  const toml::value* get(const std::string& key) {
    read_.insert(key);
    return has(key) ? &value_.as_table().at(key) : nullptr;
  }
  std::string text(const std::string& key, std::size_t max) {
    const auto* v = get(key);
    if (!v) return blame(value_, "`" + key + "` is missing", "add " + key + " = \"…\""), "";
    return text_of(*v, key, max);
  }
  std::string text_or(const std::string& key, std::size_t max, std::string fallback) {
    return has(key) ? text(key, max) : fallback;
  }
  std::uint16_t port(const std::string& key) {
    const auto* v = get(key);
    if (v && v->is_integer() && v->as_integer() >= 1 && v->as_integer() <= 65535)
      return static_cast<std::uint16_t>(v->as_integer());
    return blame(v ? *v : value_, "`" + key + "` is not a port", "a whole number from 1 to 65535"), std::uint16_t{};
  }
  // A whole number from 0 to a million, in megabytes.
  std::uint64_t megabytes_or(const std::string& key, std::uint64_t fallback) {
    const auto* v = get(key);
    if (!v) return fallback;
    if (v->is_integer() && v->as_integer() >= 0 && v->as_integer() <= 1'000'000) return static_cast<std::uint64_t>(v->as_integer());
    return blame(*v, "`" + key + "` is not a size in megabytes", "a whole number from 0 (no limit) to 1000000"), fallback;
  }
  // A whole path, or one that starts in the home folder; nothing leads upwards.
  std::string landing_or_none(const std::string& key) {
    if (!has(key)) return {};
    const std::string path = text(key, 1024);
    for (const auto& part : std::filesystem::path(path))
      if (part == ".." || path == "/" || path == ".") {
        blame(*get(key), "`" + key + "` is not a folder of its own", "landing = \"/srv/depot\", or landing = \"depot\" in the home folder");
        break;
      }
    return path;
  }
  std::map<std::string, std::string> variables(const std::string& key) {
    std::map<std::string, std::string> out;
    const auto* v = get(key);
    if (!v) return out;
    if (!v->is_table() || v->as_table().size() > 64)
      return blame(*v, "`" + key + "` is not a table of at most 64 variables", "[system.shell.env] and below it NAME = \"value\""), out;
    for (const auto& [name, value] : v->as_table()) {
      if (!is_variable_name(name)) blame(value, "`" + printable(name, 60) + "` cannot be set", "a name of A-Z, a-z, 0-9 and _; no LD_*, no PONTLEVIS_*");
      out.emplace(name, text_of(value, name, 1024));
    }
    return out;
  }
  std::vector<std::string> texts(const std::string& key, std::vector<std::string> fallback = {}) {
    const auto* v = get(key);
    if (!v) return fallback;
    std::vector<std::string> out;
    if (!v->is_array() || v->as_array().empty() || v->as_array().size() > 64)
      return blame(*v, "`" + key + "` is not a list of 1 to 64 texts", key + " = [\"…\", \"…\"]"), out;
    for (const auto& item : v->as_array()) out.push_back(text_of(item, key, 1024));
    return out;
  }
  std::string path_or(const std::string& key, std::string fallback) {
    if (!has(key)) return fallback;
    std::string path = text(key, 1024);
    if (!path.starts_with('/')) blame(*get(key), "`" + key + "` is not a whole path", "start it with /");
    return path;
  }
  void blame(const toml::value& at, std::string what, std::string hint) {
    if (!error_) error_ = Error{Errc::bad_input, std::move(what), place(file_, at), std::move(hint)};
  }
  Result<> finish(const std::string& known) {
    if (!error_ && value_.is_table())
      for (const auto& [key, v] : value_.as_table())
        if (!read_.contains(key)) blame(v, "unknown key `" + printable(key, 60) + "`", "known here: " + known);
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  std::string text_of(const toml::value& v, const std::string& key, std::size_t max) {
    const std::string found = v.is_string() ? v.as_string().str : "";
    if (v.is_string() && !found.empty() && found.size() <= max && is_utf8(found) && !has_control(found)) return found;
    return blame(v, "`" + key + "` is not a text of 1 to " + std::to_string(max) + " bytes without control characters",
                 key + " = \"…\""), "";
  }
  const toml::value& value_;
  const std::string& file_;
  std::set<std::string> read_;
  std::optional<Error> error_;
};

Result<ShellTool> shell_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  ShellTool out;
  out.command = in.texts("command");
  out.exec = in.texts("exec");
  out.folder = in.path_or("folder", "");
  out.environment = in.texts("environment", out.environment);
  out.commands = in.texts("commands");
  out.env = in.variables("env");
  PL_CHECK(in.finish("command, exec, folder, environment, commands, [system.shell.env]"));
  return out;
}

Result<FilesTool> files_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  FilesTool out;
  out.prefix = in.texts("prefix");
  out.server = in.path_or("server", out.server);
  out.folder = in.path_or("folder", "");
  out.landing = in.landing_or_none("landing");
  out.largest_file_mb = in.megabytes_or("largest_file_mb", out.largest_file_mb);
  out.largest_session_mb = in.megabytes_or("largest_session_mb", out.largest_session_mb);
  if (in.has("folder") && in.has("landing")) in.blame(value, "`folder` and `landing` are both there", "keep one: a landing folder is also where relative names start");
  PL_CHECK(in.finish("prefix, server, folder, landing, largest_file_mb, largest_session_mb"));
  return out;
}

bool is_number(std::string_view text, std::uint64_t lowest, std::uint64_t highest) {
  const auto value = parse_decimal(text, highest);
  return value && *value >= lowest;
}

// ":0", or ":0.1" for one screen of it.
bool is_display(std::string_view text) {
  if (!text.starts_with(':')) return false;
  const auto dot = text.find('.');
  return is_number(text.substr(1, dot - 1), 0, 65535) && (dot == text.npos || is_number(text.substr(dot + 1), 0, 15));
}

bool is_geometry(std::string_view text) {
  const auto x = text.find('x');
  return x != text.npos && is_number(text.substr(0, x), 100, 8192) && is_number(text.substr(x + 1), 100, 8192);
}

// What goes together, and what a server of the practice's own choice cannot do without.
void check_desktop(StrictTable& in, const toml::value& value, const DesktopTool& tool) {
  const auto names = [&](std::string_view what) {
    return std::ranges::any_of(tool.command, [&](const auto& word) { return word.find(what) != word.npos; });
  };
  if (!tool.display.empty() && !is_display(tool.display)) in.blame(*in.get("display"), "`display` is not an X display", "display = \":0\"");
  if (!is_geometry(tool.geometry)) in.blame(*in.get("geometry"), "`geometry` is not a size", "geometry = \"1280x800\"");
  for (const char* key : {"geometry", "start"})
    if (in.has(key) && !tool.display.empty()) in.blame(*in.get(key), "`" + std::string(key) + "` is for a display of its own", "leave `display` out, or this");
  if (in.has("geometry") && !tool.command.empty()) in.blame(*in.get("geometry"), "`geometry` has no use with `command`", "write it into the command");
  if (in.has("start") && !tool.makes_display()) in.blame(*in.get("start"), "`start` needs a display of its own", "name {display} in `command`");
  if (in.has("view_only") && tool.command.empty()) in.blame(*in.get("view_only"), "`view_only` belongs to a `command`", "leave it out: the default command knows how");
  for (const char* needed : {"{port}", "{password_file}"})
    if (!tool.command.empty() && !names(needed))
      in.blame(value, "`command` does not name " + std::string(needed), "the server must listen where, and ask for what, the agent says");
}

Result<DesktopTool> desktop_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  DesktopTool out;
  out.label = in.text("label", 100);
  out.display = in.text_or("display", 16, "");
  out.command = in.texts("command");
  out.view_only = in.texts("view_only");
  out.prefix = in.texts("prefix");
  out.geometry = in.text_or("geometry", 16, out.geometry);
  out.start = in.texts("start");
  if (value.is_table()) check_desktop(in, value, out);
  PL_CHECK(in.finish("label, display, command, view_only, prefix, geometry, start"));
  return out;
}

bool is_host(const std::string& text) {
  const auto good = [](char c) {
    return c == '.' || c == '-' || c == ':' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return text.size() <= 253 && std::ranges::all_of(text, good);
}

Result<TcpTool> tcp_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  TcpTool out;
  out.host = in.text("host", 253);
  out.port = in.port("port");
  out.label = in.text("label", 100);
  if (!is_host(out.host)) in.blame(value, "`host` is not a name or address", "such as pacs.cabinet.example");
  PL_CHECK(in.finish("host, port, label"));
  return out;
}

Result<std::map<std::string, TcpTool>> tcp_table_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  std::map<std::string, TcpTool> out;
  if (!value.is_table()) return std::unexpected(in.finish("").error());
  if (value.as_table().size() > max_tcp)
    return fail(Errc::bad_input, "more than 13 tcp tools on one system", place(file, value), "name another system");
  for (const auto& [name, table] : value.as_table()) {
    if (!is_tool_name("tcp:" + name))
      return fail(Errc::bad_input, "`" + printable(name, 60) + "` is not a tool's name", place(file, table),
                  "1 to 63 characters of a-z, 0-9 and '-'");
    PL_TRY(tool, tcp_from(table, file));
    out.emplace(name, std::move(tool));
  }
  return out;
}

Result<Hosting> hosting_from(StrictTable& in) {
  const std::string text = in.text("hosting", 16);
  if (text != "local" && text != "hds" && !text.empty())
    in.blame(*in.get("hosting"), "`hosting` is neither local nor hds", "hosting = \"local\"");
  return text == "hds" ? Hosting::hds : Hosting::local;
}

Result<System> system_from(const toml::value& value, const std::string& file) {
  StrictTable in(value, file);
  auto id = SystemId::parse(in.text("id", 63));
  const std::string label = in.text("label", 100);
  PL_TRY(hosting, hosting_from(in));
  if (!id && in.has("id")) in.blame(*in.get("id"), id.error().what, id.error().hint);
  const auto *shell = in.get("shell"), *files = in.get("files"), *desktop = in.get("desktop"), *tcp = in.get("tcp");
  PL_CHECK(in.finish("id, label, hosting, [system.shell], [system.files], [system.desktop], [system.tcp.<name>]"));
  System out{*std::move(id), label, hosting, {}, {}, {}, {}};
  if (shell) {
    PL_TRY(tool, shell_from(*shell, file));
    out.shell = std::move(tool);
  }
  if (files) {
    PL_TRY(tool, files_from(*files, file));
    out.files = std::move(tool);
  }
  if (desktop) {
    PL_TRY(tool, desktop_from(*desktop, file));
    out.desktop = std::move(tool);
  }
  if (tcp) {
    PL_TRY(tools, tcp_table_from(*tcp, file));
    out.tcp = std::move(tools);
  }
  return out;
}

// toml11's own text spans lines and quotes the file: the first line says what is wrong.
std::string first_line(std::string_view what) {
  if (what.starts_with("[error] ")) what.remove_prefix(8);
  return printable(what.substr(0, what.find('\n')));
}

Result<toml::value> parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > 256 * 1024) return fail(Errc::bad_input, "is longer than 256 KiB", file);
  try {
    std::istringstream in{std::string(text)};
    return toml::parse(in, file);
  } catch (const toml::exception& e) {
    return fail(Errc::bad_input, "is not TOML: " + first_line(e.what()),
                file + ":" + std::to_string(e.location().line()), "see the commented example inventory");
  } catch (const std::exception& e) {
    return fail(Errc::bad_input, "is not TOML: " + first_line(e.what()), file, "see the commented example inventory");
  }
}

}  // namespace

Result<Inventory> parse_inventory(std::string_view text, const std::string& file) {
  PL_TRY(root, parse_toml(text, file));
  StrictTable in(root, file);
  const auto* list = in.get("system");
  if (!list || !list->is_array() || list->as_array().empty() || list->as_array().size() > max_systems)
    in.blame(list ? *list : root, "holds no list of 1 to 64 systems", "start each system with [[system]]");
  PL_CHECK(in.finish("[[system]]"));
  Inventory out;
  for (const auto& value : list->as_array()) {
    PL_TRY(system, system_from(value, file));
    if (out.find(system.id))
      return fail(Errc::bad_input, "the system `" + system.id.text() + "` is there twice", place(file, value), "give each its own id");
    out.systems.push_back(std::move(system));
  }
  return out;
}

Result<Inventory> read_inventory(const std::filesystem::path& file) {
  PL_TRY(text, io::read_file(file, 256 * 1024));
  return parse_inventory(text, file.string());
}

const System* Inventory::find(const SystemId& id) const noexcept {
  const auto at = std::ranges::find(systems, id, &System::id);
  return at == systems.end() ? nullptr : &*at;
}

std::vector<frame::OfferedSystem> Inventory::offered() const {
  std::vector<frame::OfferedSystem> out;
  for (const auto& s : systems) {
    std::vector<std::string> tools;
    if (s.shell) tools.push_back("shell");
    if (s.files) tools.push_back("files");
    if (s.desktop) tools.push_back("desktop");
    for (const auto& [name, tool] : s.tcp) tools.push_back("tcp:" + name);
    out.push_back({s.id, s.label, s.hosting == Hosting::hds ? "HDS" : "LOCAL", std::move(tools)});
  }
  return out;
}

}  // namespace pontlevis::agent
