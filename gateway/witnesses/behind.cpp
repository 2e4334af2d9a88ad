#include "gateway/witnesses/behind.hpp"

#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t max_state = 256 * 1024;
constexpr auto many = StrictObject::Lines::many;

std::filesystem::path file_of(const DataFolder& folder) { return folder.root / "log-state.json"; }

std::string two_numbers(const Behind& b) {
  return b.cause == "BEHIND" ? "its witness " + b.witness + " cosigned " + std::to_string(b.size) + " records, " + std::to_string(b.own_size) + " are here"
                             : "its witness " + b.witness + " holds another past of " + std::to_string(b.size) + " records";
}

Error closed(const DataFolder& folder, const Behind& b) {
  return {Errc::unavailable, "the log has lost its past, so nothing is asked or opened: " + two_numbers(b), folder.log().string(),
          "it is never continued: pontlevis-gateway log prepare, then log link --cause restore (docs/witnesses.md)"};
}

Behind read_behind(StrictObject& in) {
  Behind out;
  out.cause = in.text("cause", 1, 20);
  out.witness = in.text("witness", 1, 200);
  out.note = in.text("note", 1, 64 * 1024, many);
  out.size = static_cast<audit::TreeSize>(in.integer("size", 0, INT64_MAX));
  out.own_size = static_cast<audit::TreeSize>(in.integer("own_size", 0, INT64_MAX));
  return out;
}

Result<bool> holds(const audit::Log& log, const audit::Checkpoint& shown) {
  const auto own = log.checkpoint();
  if (shown.size == own.size) return shown.root == own.root;
  if (shown.size == 0) return shown.root == audit::empty_root();
  PL_TRY(proof, log.consistency(shown.size, own.size));
  return audit::verify_consistency_proof(proof, shown.size, own.size, shown.root, own.root).has_value();
}

}  // namespace

Result<LogState> LogState::read(const DataFolder& folder) {
  const auto text = io::read_file(file_of(folder), max_state);
  if (!text && text.error().code == Errc::not_found) return LogState{};
  if (!text) return std::unexpected(text.error());
  PL_TRY(object, parse_object(*text, max_state, file_of(folder).string(), JsonForm::any));
  StrictObject in(object, file_of(folder).string());
  LogState out;
  out.restored = in.boolean("restored");
  out.restored_size = static_cast<audit::TreeSize>(in.integer("restored_size", 0, INT64_MAX));
  for (auto& name : in.texts("asked", 0, 10'000, 200)) out.asked.insert(std::move(name));
  if (in.has("behind")) {
    StrictObject behind(in.object("behind"), file_of(folder).string() + ", behind");
    out.behind = read_behind(behind);
    PL_CHECK(behind.finish());
  }
  PL_CHECK(in.finish());
  return out;
}

Result<> LogState::write(const DataFolder& folder) const {
  if (!restored && !behind) {
    std::error_code ec;
    std::filesystem::remove(file_of(folder), ec);
    return ec ? fail(Errc::io, "cannot be removed", file_of(folder).string()) : Result<>{};
  }
  json::array names;
  for (const auto& name : asked) names.emplace_back(name);
  json::object out{{"restored", restored}, {"restored_size", restored_size}, {"asked", std::move(names)}};
  if (behind)
    out["behind"] = json::object{{"cause", behind->cause}, {"witness", behind->witness}, {"note", behind->note}, {"size", behind->size}, {"own_size", behind->own_size}};
  return io::write_file(file_of(folder), json::serialize(out) + "\n", io::FileMode::owner_only);
}

std::optional<Error> LogState::why_closed(const DataFolder& folder) const {
  if (behind) return closed(folder, *behind);
  if (!restored) return std::nullopt;
  return Error{Errc::unavailable, "the log was restored from a copy of " + std::to_string(restored_size) + " records; its witnesses are asked first, so nothing is asked or opened",
               folder.log().string(), "it goes on by itself when most practices have connected and none has seen more; `pontlevis-gateway log show` says which"};
}

Result<> mark_restored(const DataFolder& folder, audit::TreeSize log_size) {
  PL_TRY(state, LogState::read(folder));
  state.restored = true;
  state.restored_size = log_size;
  state.asked.clear();
  return state.write(folder);
}

Result<std::optional<Behind>> compare(const audit::Log& log, const std::string& witness, const std::string& note) {
  PL_TRY(shown, audit::open_checkpoint(note, log.verifier()));
  const auto own = log.size();
  if (shown.size > own) return Behind{"BEHIND", witness, note, shown.size, own};
  PL_TRY(held, holds(log, shown));
  if (held) return std::nullopt;
  return Behind{"TWO_HISTORIES", witness, note, shown.size, own};
}

Result<> refuse_if_behind(const DataFolder& folder, const audit::Log& log, std::span<const std::string> checkpoints) {
  PL_TRY(state, LogState::read(folder));
  if (!state.behind) {
    for (const auto& note : checkpoints) {
      PL_TRY(found, compare(log, "(a copy)", note));
      if (found) state.behind = std::move(found);
    }
    if (state.behind) PL_CHECK(state.write(folder));
  }
  if (!state.behind) return {};
  auto error = closed(folder, *state.behind);
  error.code = Errc::conflict;
  return std::unexpected(std::move(error));
}

}  // namespace pontlevis::gateway
