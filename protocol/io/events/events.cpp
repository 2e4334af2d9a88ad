#include "protocol/io/events/events.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

#include "protocol/clock.hpp"
#include "protocol/io/events/mirror.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                spdlog::level::err};
constexpr std::string_view level_words[] = {"debug", "info", "warn", "error"};

std::mutex reader_guard;
EventReader reader;

void mirror(Level level, std::string_view name, const boost::json::object& fields) {
  const std::lock_guard held(reader_guard);
  if (reader) reader(level, name, fields);
}

}  // namespace

void mirror_events(EventReader next) {
  const std::lock_guard held(reader_guard);
  reader = std::move(next);
}

void start_events(std::string_view level_word) {
  auto logger = spdlog::stderr_logger_mt("events");
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::info);
  for (std::size_t i = 0; i < std::size(levels); ++i)
    if (level_words[i] == level_word) logger->set_level(levels[i]);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

void event(Level level, std::string_view name, boost::json::object fields) {
  const auto at = static_cast<std::size_t>(level);
  if (level != Level::debug) mirror(level, name, fields);
  auto* logger = spdlog::default_logger_raw();
  if (!logger || !logger->should_log(levels[at])) return;
  boost::json::object line{{"time", to_utc(SystemClock().now())}, {"level", level_words[at]}, {"event", name}};
  for (auto& field : fields) line.emplace(field.key(), std::move(field.value()));
  logger->log(levels[at], "{}", boost::json::serialize(line));
}

}  // namespace pontlevis::io
