// What the practitioner sees now: a copy of every byte the operators are shown, to each watcher.
// Bounded and never waiting: a slow watcher loses the oldest output and is told so; the tool never
// slows down for it (requirements A38). Owned by the session; lives on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "agent/tools/input_gate.hpp"

namespace pontlevis::agent {

class LiveView final : public Tap {
 public:
  class Watcher {
   public:
    explicit Watcher(boost::asio::any_io_executor executor)
        : news_(executor, boost::asio::steady_timer::time_point::max()) {}
    // The next output; `skipped` bytes were lost before it. Empty when nothing was shown for a few
    // seconds: the moment to find out whether the one who watches is still there.
    struct Output {
      std::string bytes;
      std::uint64_t skipped = 0;
      bool ended = false;  // the session has; nothing comes after these bytes
    };
    io::Awaitable<Output> next();

   private:
    friend class LiveView;
    void add(std::string_view bytes);
    std::string pending_;
    std::uint64_t skipped_ = 0;
    bool ended_ = false;
    boost::asio::steady_timer news_;
  };

  LiveView(boost::asio::any_io_executor executor, std::function<void(bool present)> on_presence)
      : executor_(executor), on_presence_(std::move(on_presence)) {}

  // The watcher is there while its pointer lives.
  std::shared_ptr<Watcher> watch();
  void output(std::span<const char> bytes) noexcept override;
  void say(std::string_view line) { output({line.data(), line.size()}); }
  void end();

 private:
  void left();
  boost::asio::any_io_executor executor_;
  std::function<void(bool)> on_presence_;
  std::list<std::weak_ptr<Watcher>> watchers_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace pontlevis::agent
