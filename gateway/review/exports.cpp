#include "gateway/review/exports.hpp"

#include "gateway/events.hpp"
#include "gateway/review/filter.hpp"
#include "gateway/review/marks.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/ed25519.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

namespace fs = std::filesystem;

struct ReviewExports::Asked {
  ReadFor read;
  ExportFormat format{};
  ReviewFilter filter;
  std::string intervention;  // empty: what the filter finds
  bool french = true;
};

Result<> ReviewExports::open() {
  PL_CHECK(core_.store->script(R"sql(
    -- Copies readers asked for; the row goes a month after its file.
    CREATE TABLE IF NOT EXISTS review_exports(
      id TEXT PRIMARY KEY, login TEXT NOT NULL, format INTEGER NOT NULL, state TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL, count INTEGER NOT NULL, made_at INTEGER NOT NULL, expires_on TEXT NOT NULL, why TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS review_exports_of ON review_exports(login, made_at);
    UPDATE review_exports SET state = 'FAILED', why = 'the gateway stopped meanwhile: ask for it again' WHERE state = 'MAKING';
  )sql"));
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder(), ec))
    if (entry.path().filename().string().starts_with(".making-")) fs::remove_all(entry.path(), ec);
  return {};
}

ApiRoutes ReviewExports::routes() {
  const auto to = handlers_of(this);
  return {
      {"POST", "/api/v1/review/exports", review_readers, Scope::report, false, to(&ReviewExports::add)},
      {"GET", "/api/v1/review/exports", review_readers, Scope::read, false, to(&ReviewExports::list)},
      {"GET", "/api/v1/review/exports/<id>", review_readers, Scope::read, false, to(&ReviewExports::show)},
      {"GET", "/api/v1/review/exports/<id>/file", review_readers, Scope::read, false, to(&ReviewExports::file)},
  };
}

// ---- rows ----

namespace {

std::string_view ending(ExportFormat format) {
  constexpr std::string_view endings[] = {".csv", ".json", ".pdf", ".zip"};
  return endings[static_cast<std::size_t>(format)];
}

std::string_view content_type(ExportFormat format) {
  constexpr std::string_view types[] = {"text/csv; charset=utf-8; header=present", "application/json", "application/pdf", "application/zip"};
  return types[static_cast<std::size_t>(format)];
}

// id, format, state, file, bytes, sha256, count, made_at, expires_on, why. A file that went before its day is said to be gone.
json::object export_json(const sqlite::Rows& row, const fs::path& folder) {
  std::error_code ec;
  auto state = row.text(2);
  if (state == "READY" && !fs::exists(folder / row.text(3), ec)) state = "EXPIRED";
  const auto format = static_cast<ExportFormat>(row.integer(1));
  const auto day = to_date(read_time(row.integer(7)));
  return {{"id", row.text(0)}, {"format", word(format)}, {"state", state}, {"file", "main-courante-" + day + std::string(ending(format))}, {"bytes", row.integer(4)},
          {"sha256", row.text(5)}, {"count", row.integer(6)}, {"made_at", to_utc(read_time(row.integer(7)))}, {"expires_on", row.text(8)}, {"why", row.text(9)}};
}

}  // namespace

Result<std::optional<json::object>> ReviewExports::find(const std::string& id, const Login& login) {
  PL_TRY(rows, core_.store->query("SELECT id, format, state, file, bytes, sha256, count, made_at, expires_on, why FROM review_exports WHERE id=? AND login=?", id, login.text()));
  PL_TRY(found, rows.next());
  return found ? std::optional(export_json(rows, folder())) : std::nullopt;
}

void ReviewExports::set_state(const std::string& id, std::string_view state, const std::string& why) {
  const auto kept = core_.store->run("UPDATE review_exports SET state=?, why=? WHERE id=?", state, why, id);
  if (!kept) event(Level::error, "review.export_failed", {{"what", kept.error().what}});
}

void ReviewExports::drop_expired() {
  const auto today = to_date(core_.clock.now());
  auto rows = core_.store->query("SELECT id, file FROM review_exports WHERE expires_on < ? AND state = 'READY'", today);
  std::vector<std::pair<std::string, std::string>> over;
  for (auto more = rows ? rows->next() : Result<bool>(false); more && *more; more = rows->next()) over.emplace_back(rows->text(0), rows->text(1));
  for (const auto& [id, file] : over) {
    std::error_code ec;
    fs::remove(folder() / file, ec);
    set_state(id, "EXPIRED", "");
  }
  static_cast<void>(core_.store->run("DELETE FROM review_exports WHERE expires_on < ?", to_date(core_.clock.now() - std::chrono::days(30))));
}

// ---- asking for one ----

Result<ReviewExports::Asked> ReviewExports::asked_in(ApiCall& call) {
  PL_TRY(read, read_for(call.request));
  PL_TRY(body, api_body(call.request));
  StrictObject in(body, "export");
  Asked out{std::move(read), static_cast<ExportFormat>(in.choice("format", Spelling<ExportFormat>::words)), {}, {}, true};
  constexpr std::string_view languages[] = {"fr", "en"};
  out.french = in.choice("language", languages) == 0;
  const auto filter_body = in.object("filter");
  if (!in.is_null("intervention")) {
    const auto id = in.id<InterventionId>("intervention");
    if (id) out.intervention = id->text();
  }
  PL_CHECK(in.finish());
  PL_TRY(filter, ReviewFilter::from_json(filter_body));
  out.filter = std::move(filter);
  return out;
}

namespace {

Result<> within_bounds(ExportFormat format, std::size_t count) {
  const auto refuse = [](std::string what) { return fail(Errc::bad_input, std::move(what), "filter", "narrow the search"); };
  if (count == 0) return fail(Errc::not_found, "no intervention fits", "filter");
  if (format == ExportFormat::pdf && count > most_in_pdf) return refuse("finds more than the 5,000 interventions that a PDF may hold");
  if (format == ExportFormat::proof_pack && count > most_in_pack) return refuse("finds more than the 1,000 interventions that a proof pack may hold");
  return {};
}

std::vector<std::string> lines_of(const ReviewFilter& filter, bool french) {
  std::vector<std::string> out;
  for (const auto& member : filter.json())
    out.push_back((french ? "Filtre " : "Filter ") + std::string(member.key()) + (french ? " : " : ": ") + std::string(member.value().get_string()));
  return out;
}

RowWords names_now(const Core& core) {
  RowWords out;
  for (const auto& [id, practice] : core.practices.all()) {
    out.practice_names.emplace(id.text(), practice.name);
    for (const auto& system : practice.systems) out.system_labels.emplace(std::pair(id.text(), system.id.text()), system.label);
  }
  return out;
}

}  // namespace

Awaitable<Result<std::shared_ptr<ExportOrder>>> ReviewExports::order_for(const Asked& asked, std::string id) {
  auto index = keeper_.ready();
  if (!index) co_return std::unexpected(index.error());
  auto order = std::make_shared<ExportOrder>();
  auto query = asked.filter.resolve(**index);
  if (!asked.intervention.empty()) query = ReviewQuery{}, query.text = asked.intervention;
  const auto found = (*index)->find(query);
  PL_CO_CHECK(within_bounds(asked.format, found.cardinality()));
  order->rows = highest(found, UINT32_MAX, found.cardinality());
  order->format = asked.format;
  order->language = asked.french ? audit::Language::french : audit::Language::english;
  order->made_at = core_.clock.now();
  const auto expires_on = to_date(order->made_at + kept_for);
  order->data = core_.folder.root, order->store = core_.folder.store();
  order->file = folder() / (expires_on + "-" + id + std::string(ending(asked.format)));
  order->scratch = folder() / (".making-" + id);
  order->words = names_now(core_);
  PL_CO_TRY(veil, Veil::read(*core_.store));
  order->veil = std::move(veil);
  order->about = {{"made_at", to_utc(order->made_at)}, {"expires_on", expires_on}, {"filter", asked.filter.json()}, {"log", core_.log->verifier().name()}};
  order->filter_lines = lines_of(asked.filter, asked.french);
  order->stop = stop_;
  const bool printed = asked.format == ExportFormat::pdf || asked.format == ExportFormat::proof_pack;
  if (printed && order->rows.size() <= most_whole_in_pdf) {
    PL_CO_TRY(rows, keeper_.rows(order->rows));
    for (const auto& row : rows) {
      PL_CO_TRY(number, InterventionId::parse(row.id));
      PL_CO_TRY(extras, printed_extras(core_, number, asked.french));
      order->extras.emplace(row.id, std::move(extras));
      co_await boost::asio::post(boost::asio::use_awaitable);  // others have their turn between two
    }
  }
  if (asked.format == ExportFormat::proof_pack) {
    auto key = co_await signer();
    if (!key) co_return std::unexpected(key.error());
    order->signer = *std::move(key);
  }
  co_return order;
}

// The list of a pack is signed by a key of its own, which the log names: the log's key signs checkpoints and nothing else.
Awaitable<Result<std::shared_ptr<const NoteSigner>>> ReviewExports::signer() {
  if (signer_) co_return signer_;
  const auto file = core_.folder.keys() / "export.key";
  std::error_code ec;
  if (!fs::exists(file, ec)) {
    const NoteSigner made("export." + core_.log->verifier().name(), NoteKeyType::ed25519, Ed25519Key::generate(core_.random));
    const auto text = made.text();
    PL_CO_CHECK(io::write_file(file, text.expose(), io::FileMode::owner_only));
  }
  PL_CO_TRY(text, io::read_secret_file(file));
  PL_CO_TRY(key, NoteSigner::parse(text));
  const auto vkey = key.verifier().text();
  PL_CO_TRY(known, core_.store->text("SELECT value FROM settings WHERE name = 'export_key_enrolled'"));
  if (known != vkey) {
    const json::object fields{{"kind", "export"}, {"key_name", key.verifier().name()}, {"verifier_key", vkey}};
    auto recorded = co_await core_.append(audit::Record::make("enrolment", fields));
    if (!recorded) co_return std::unexpected(recorded.error());
    PL_CO_CHECK(core_.store->run("INSERT INTO settings(name, value) VALUES('export_key_enrolled', ?1) ON CONFLICT(name) DO UPDATE SET value = ?1", vkey));
  }
  signer_ = std::make_shared<const NoteSigner>(std::move(key));
  co_return signer_;
}

ApiAnswer ReviewExports::add(ApiCall call) {
  auto parsed = asked_in(call);
  if (!parsed) co_return parsed.error().where == "pontlevis-purpose" ? purpose_missing(parsed.error()) : api_problem(parsed.error());
  const auto asked = std::make_shared<const Asked>(*std::move(parsed));
  const auto count = core_.store->integer("SELECT count(*) FROM review_exports WHERE login=?", call.person.login.text());
  if (!count) co_return api_problem(core_.store_refused(count.error()));
  if (count->value_or(0) >= most_of_one_person) co_return api_problem(Error{Errc::conflict, "a hundred copies of yours are listed already", "export", "they go a month after their last day"});
  if (auto made = io::make_private_folder(folder()); !made) co_return api_problem(made.error());
  const auto id = make_uuid(core_.random);
  auto order = co_await order_for(*asked, id);
  if (!order) co_return api_problem(order.error());
  const auto expires_on = text_of((*order)->about, "expires_on");
  const auto kept = core_.store->run("INSERT INTO review_exports(id, login, format, state, file, bytes, sha256, count, made_at, expires_on, why) VALUES(?,?,?,'MAKING',?,0,'',?,?,?,'')",
                                     id, call.person.login.text(), static_cast<int>(asked->format), (*order)->file.filename().string(), (*order)->rows.size(),
                                     stored((*order)->made_at), expires_on);
  if (!kept) co_return api_problem(core_.store_refused(kept.error()));
  boost::asio::co_spawn(co_await boost::asio::this_coro::executor, make(id, *order, asked, call.person), boost::asio::detached);
  auto view = find(id, call.person.login);
  co_return view && *view ? api_answer(**view, 202) : api_problem(Error{Errc::io, "is gone", "export", {}});
}

Awaitable<void> ReviewExports::make(std::string id, std::shared_ptr<ExportOrder> order, std::shared_ptr<const Asked> asked, Person person) {
  auto job = [order] { return make_export(*order); };
  auto made = co_await worker_.run(std::move(job));
  Result<> done;
  if (made) done = co_await finish(id, *made, *asked, person, text_of(order->about, "expires_on"));
  else done = std::unexpected(made.error());
  if (done) co_return;
  std::error_code ec;
  fs::remove(order->file, ec);
  set_state(id, "FAILED", done.error().text());
  event(Level::warn, "review.export_failed", {{"what", done.error().what}});
}

// Recorded first; only then anybody can have the file.
Awaitable<Result<>> ReviewExports::finish(const std::string& id, const ExportMade& made, const Asked& asked, const Person& person, std::string expires_on) {
  PL_CO_TRY(count, core_.store->integer("SELECT count FROM review_exports WHERE id=?", id));
  json::object fields{{"exported_by", person.login.text()}, {"role", word(person.role)}, {"purpose", asked.read.purpose}, {"format", word(asked.format)},
                      {"count", count.value_or(0)}, {"sha256", made.sha256}, {"expires_on", expires_on}};
  if (!asked.read.reference.empty()) fields["reference"] = asked.read.reference;
  if (!asked.intervention.empty()) fields["intervention"] = asked.intervention;
  else fields["filter"] = asked.filter.text();
  auto recorded = co_await core_.append(audit::Record::make("exported", fields));
  if (!recorded) co_return std::unexpected(recorded.error());
  co_return core_.store->run("UPDATE review_exports SET state='READY', bytes=?, sha256=? WHERE id=?", made.bytes, made.sha256, id);
}

// ---- reading ----

ApiAnswer ReviewExports::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  auto rows = core_.store->query("SELECT id, format, state, file, bytes, sha256, count, made_at, expires_on, why FROM review_exports WHERE login=?1 AND "
                                 "(?2 = '' OR (made_at, id) < (SELECT made_at, id FROM review_exports WHERE id=?2)) ORDER BY made_at DESC, id DESC LIMIT ?3",
                                 call.person.login.text(), page->cursor, page->limit + 1);
  if (!rows) co_return api_problem(rows.error());
  json::array items;
  std::string last, next;
  for (auto more = rows->next(); more && *more; more = rows->next()) {
    if (items.size() == page->limit) {
      next = last;
      break;
    }
    last = rows->text(0);
    items.push_back(export_json(*rows, folder()));
  }
  co_return api_page(std::move(items), next);
}

ApiAnswer ReviewExports::show(ApiCall call) {
  const auto found = find(call.request.id, call.person.login);
  if (!found) co_return api_problem(found.error());
  co_return *found ? api_answer(**found) : api_problem(Error{Errc::not_found, "no copy of yours has this number", printable(call.request.id, 40), {}});
}

ApiAnswer ReviewExports::file(ApiCall call) {
  const auto found = find(call.request.id, call.person.login);
  if (!found) co_return api_problem(found.error());
  if (!*found) co_return api_problem(Error{Errc::not_found, "no copy of yours has this number", printable(call.request.id, 40), {}});
  if (text_of(**found, "state") != "READY") co_return api_problem(Error{Errc::conflict, "is " + text_of(**found, "state"), "export", "a copy is given while it is READY"});
  const auto name = core_.store->text("SELECT file FROM review_exports WHERE id=?", call.request.id);
  if (!name || !*name) co_return api_problem(Error{Errc::io, "is gone", "export", {}});
  const auto path = folder() / **name;
  auto job = [path] { return io::read_file(path, std::size_t{256} << 20); };
  auto content = co_await worker_.run(std::move(job));
  if (!content) co_return api_problem(content.error());
  const auto format = std::find(Spelling<ExportFormat>::words.begin(), Spelling<ExportFormat>::words.end(), text_of(**found, "format")) - Spelling<ExportFormat>::words.begin();
  auto out = io::HttpResponse::file(*std::move(content), std::string(content_type(static_cast<ExportFormat>(format))));
  out.headers.emplace_back("content-disposition", "attachment; filename=\"" + text_of(**found, "file") + "\"");
  out.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  co_return out;
}

}  // namespace pontlevis::gateway
