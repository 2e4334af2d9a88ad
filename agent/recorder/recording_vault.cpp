#include "agent/recorder/recording_vault.hpp"

#include "agent/recorder/recording_state.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace json = boost::json;
namespace {

constexpr std::string_view automaton = "AUTOMATON";

std::unexpected<Error> is_running() {
  return fail(Errc::conflict, "is still being made", "recording", "wait for the end of the session, or stop it");
}
std::unexpected<Error> no_recording() {
  return fail(Errc::not_found, "there is none of this intervention", "recording", "it was never made, or it was destroyed: see the record");
}

}  // namespace

int RecordingInfo::days_left(Time now) const {
  if (now >= expires_at) return 0;
  return static_cast<int>(std::chrono::ceil<std::chrono::days>(expires_at - now).count());
}

// ---- with the lock held ----

// The thread of a recording ends with its process; what it had written stays, up to its last chunk.
Result<> RecordingVault::State::mark_cut_short(RecordingCard card) {
  PL_TRY(content, folder.content(card.info.intervention));
  card.info.state = RecordingInfo::State::cut_short;
  card.info.bytes = content.bytes;
  card.info.streams = content.files;
  return folder.keep_card(card);
}

// Decided first, on the disk: who comes back after a crash finishes it.
Result<Destruction> RecordingVault::State::destroy(RecordingCard card, DestroyReason reason, const std::string& by) {
  if (!card.doom) {
    PL_TRY(content, folder.content(card.info.intervention));
    card.doom = Doom{reason, by, content.sha256, content.files};
    PL_CHECK(folder.keep_card(card));
  }
  return carry_out(card);
}

Result<Destruction> RecordingVault::State::carry_out(const RecordingCard& card) {
  const auto& id = card.info.intervention;
  PL_CHECK(folder.destroy_key(id));
  const Time performed = clock.now();
  PL_TRY(previous, folder.last_certificate());
  PL_CHECK(folder.destroy_files(id));
  if (!folder.is_gone(id)) return fail(Errc::io, "something of it is still on the disk", "recording " + id.text(), "look at the data folder's rights");
  Destruction made{id, certificate(card, performed)};
  made.certificate.at("previous_certificate_hash") = previous.empty() ? json::value(nullptr) : json::value(previous);
  PL_CHECK(folder.keep_certificate(made));
  PL_CHECK(folder.forget(id));
  return made;
}

json::object RecordingVault::State::certificate(const RecordingCard& card, Time performed) const {
  const auto& doom = *card.doom;
  const auto now = to_utc(clock.now());
  const Time newest = card.info.started_at + std::chrono::seconds(card.info.seconds);
  return {{"intervention", card.info.intervention.text()},
          {"certificate_id", make_uuid(random)},
          {"issued_at", now},
          {"reason", destroy_reason_word(doom.reason)},
          {"policy_version", "recording-30-days/1"},
          {"legal_basis", doom.reason == DestroyReason::retention ? "RGPD art. 5(1)(e)" : "RGPD art. 17"},
          {"retention_class", "RECORDING"},
          {"record_count", doom.files},
          {"oldest_at", to_utc(card.info.started_at)},
          {"newest_at", to_utc(newest)},
          {"scope_commitment", doom.commitment},
          {"media", json::array{"DISK_OF_THE_PRACTICE"}},
          {"method", "KEY_DESTROYED_THEN_FILES"},
          {"performed_at", to_utc(performed)},
          {"operator", doom.by},
          {"verification_method", "LOOKED_FOR_KEY_AND_FILES"},
          {"verified_at", now},
          {"verified_by", automaton},
          {"verification_result", "ABSENT"},
          {"backup_expiry_at", nullptr},
          {"state", "FINAL"},
          {"deferrals", json::array{}},
          {"previous_certificate_hash", nullptr}};
}

// ---- the vault ----

RecordingVault::RecordingVault(std::shared_ptr<State> state) : state_(std::move(state)) {}
RecordingVault::~RecordingVault() = default;

Result<std::unique_ptr<RecordingVault>> RecordingVault::open(const std::filesystem::path& data, const Clock& clock, Random& random,
                                                             VaultSettings settings) {
  PL_TRY(folder, RecordingFolder::open(data));
  std::shared_ptr<State> state(new State{std::move(folder), clock, random, settings, {}, {}});
  PL_TRY(ids, state->folder.all());
  for (const auto& id : ids) {
    PL_TRY(card, state->folder.card(id));
    if (card && card->info.state == RecordingInfo::State::running) PL_CHECK(state->mark_cut_short(*std::move(card)));
  }
  return std::unique_ptr<RecordingVault>(new RecordingVault(std::move(state)));
}

Result<std::unique_ptr<Recording>> RecordingVault::begin(boost::asio::any_io_executor executor, const InterventionId& id, int days) {
  if (days < 1 || days > max_recording_days)
    return fail(Errc::bad_input, "is kept 1 to " + std::to_string(max_recording_days) + " days", "recording");
  const std::lock_guard hold(state_->mutex);
  if (state_->folder.is_known(id)) return fail(Errc::conflict, "there is one of this intervention already", "recording");
  const Time now = state_->clock.now();
  RecordingInfo info{id, RecordingInfo::State::running, now, now + std::chrono::days(days), 0, 0, 0};
  std::vector<char> raw(sealed_key_bytes);
  state_->random.fill({reinterpret_cast<unsigned char*>(raw.data()), raw.size()});
  Secret key(std::move(raw));
  PL_CHECK(io::make_private_folder(state_->folder.of(id)));
  PL_CHECK(state_->folder.keep_card({info, std::nullopt}));
  PL_CHECK(state_->folder.keep_key(id, key));
  auto made = std::make_shared<Recording::State>(executor, state_, std::move(info), std::move(key));
  state_->running.insert(id);
  return std::unique_ptr<Recording>(new Recording(std::move(made)));
}

Result<std::optional<RecordingInfo>> RecordingVault::info(const InterventionId& id) const {
  const std::lock_guard hold(state_->mutex);
  PL_TRY(card, state_->folder.card(id));
  if (!card || card->doom) return std::nullopt;
  return card->info;
}

Result<std::vector<Cast>> RecordingVault::read(const InterventionId& id) const {
  const std::lock_guard hold(state_->mutex);
  if (state_->running.contains(id)) return is_running();
  PL_TRY(card, state_->folder.card(id));
  if (!card || card->doom) return no_recording();
  PL_TRY(key, state_->folder.key(id));
  PL_TRY(streams, state_->folder.streams(id));
  if (card->info.state == RecordingInfo::State::complete && card->info.streams != streams.size())
    return fail(Errc::bad_signature, "a file of the recording is missing", "recording", "compare with its certificate or a copy of the folder");
  std::vector<Cast> out;
  std::size_t left = max_recording_bytes;
  for (const auto stream : streams) {
    PL_TRY(file, io::read_file(state_->folder.cast(id, stream), 2 * max_recording_bytes));
    PL_TRY(opened, open_sealed(file, key, id, left));
    if (opened.stream != stream) return fail(Errc::bad_signature, "a file stands under the name of another", "recording");
    if (opened.text.empty()) continue;  // cut short before its first chunk
    PL_TRY(head, read_cast(opened.text));
    if (head.stream != stream) return fail(Errc::bad_signature, "a file stands under the name of another", "recording");
    left -= opened.text.size();
    out.push_back({stream, head.of.kind, head.of.login, std::move(opened.text), opened.complete});
  }
  return out;
}

Result<Destruction> RecordingVault::destroy(const InterventionId& id, DestroyReason reason, std::optional<std::string> by) {
  const std::lock_guard hold(state_->mutex);
  if (state_->running.contains(id)) return is_running();
  PL_TRY(card, state_->folder.card(id));
  if (!card) return no_recording();
  return state_->destroy(*std::move(card), reason, by.value_or(std::string(automaton)));
}

Result<> RecordingVault::kept(const Destruction& destruction) {
  const std::lock_guard hold(state_->mutex);
  return state_->folder.certificate_kept(destruction.intervention);
}

RecordingVault::Purged RecordingVault::purge(Time now) {
  const std::lock_guard hold(state_->mutex);
  Purged out;
  const auto ids = state_->folder.all();
  for (const auto& id : ids ? *ids : std::vector<InterventionId>()) {
    if (state_->running.contains(id)) continue;
    auto card = state_->folder.card(id);
    if (!card) {
      ++out.failures;
    } else if (!*card) {
      // A key without files, or files without a card: begun, and stopped before there was anything to keep.
      if (!state_->folder.destroy_key(id) || !state_->folder.destroy_files(id) || !state_->folder.forget(id)) ++out.failures;
    } else if ((*card)->doom || now >= (*card)->info.expires_at) {
      if (!state_->destroy(**std::move(card), DestroyReason::retention, std::string(automaton))) ++out.failures;
    }
  }
  auto unkept = state_->folder.unkept();
  if (!ids || !unkept) ++out.failures;
  if (unkept) out.destroyed = *std::move(unkept);
  return out;
}

boost::json::object recording_view(const InterventionId& id, const std::string& login, Time at) {
  return {{"intervention", id.text()}, {"viewed_by", login}, {"viewed_at", to_utc(at)}};
}

}  // namespace pontlevis::agent
