// What the practitioner sees now: a copy of every byte the operators are shown, stream by stream (one
// for each shell or command), to each watcher. Bounded and never waiting: a slow watcher loses the
// oldest output and is told so; the tool never slows down for it (requirements A38). Whoever comes
// late first gets the last screenful of each stream. Owned by the session; lives on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "agent/tools/input_gate.hpp"

namespace pontlevis::agent {

struct StreamInfo {
  unsigned number = 0;  // 0: words of Pontlevis to everybody
  std::string kind;     // shell (on a terminal) or command
  std::string login;
  unsigned cols = 80, rows = 24;
  bool open = true;
};

// Something that wants every byte, such as a recording. Same rules as a Tap: never blocks, never throws.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void stream(const StreamInfo& info) noexcept = 0;  // opened, resized or closed
  virtual void output(unsigned number, std::string_view bytes) noexcept = 0;
};

class LiveView final {
 public:
  // Either news of a stream, or output of it; `skipped` bytes were left out before it.
  struct Piece {
    unsigned stream = 0;
    std::optional<StreamInfo> info;
    std::string bytes;
    std::uint64_t skipped = 0;
  };

  class Watcher {
   public:
    Watcher(boost::asio::any_io_executor executor, std::size_t limit)
        : limit_(limit), news_(executor, boost::asio::steady_timer::time_point::max()) {}
    // What came since the last call. Empty when nothing was shown for a few seconds: the moment to
    // find out whether the one who watches is still there.
    struct Output {
      std::vector<Piece> pieces;
      bool ended = false;  // the session has; nothing comes after these
      std::string cause;   // of its end, a word
      std::string bytes() const;  // of all streams, as a plain terminal shows them
      std::uint64_t skipped() const;
    };
    io::Awaitable<Output> next();
    void wake() { news_.cancel(); }  // next() returns soon, perhaps with nothing

   private:
    friend class LiveView;
    void add(Piece piece);
    std::size_t limit_, held_ = 0;
    std::deque<Piece> pending_;
    bool ended_ = false;
    std::string cause_;
    boost::asio::steady_timer news_;
  };

  LiveView(boost::asio::any_io_executor executor, std::function<void(bool present)> on_presence)
      : executor_(executor), on_presence_(std::move(on_presence)) {}

  // The watcher is there while its pointer lives; it holds at most `limit` bytes for a slow reader.
  std::shared_ptr<Watcher> watch(std::size_t limit = 256 * 1024);
  // A new stream; it is closed when the pointer goes.
  std::shared_ptr<Tap> open_stream(std::string kind, std::string login, unsigned cols, unsigned rows);
  void say(std::string_view line);  // stream 0
  void end(std::string_view cause);
  std::vector<StreamInfo> streams() const;
  void set_sink(StreamSink* sink) { sink_ = sink; }  // outlives the view, or is taken back with null

 private:
  struct Stream {
    StreamInfo info;
    std::string tail;  // what a newcomer is shown
  };
  class StreamTap;
  void left();
  void show(unsigned number, std::string_view bytes) noexcept;
  void tell(const StreamInfo& info) noexcept;
  void give(const Piece& piece) noexcept;
  boost::asio::any_io_executor executor_;
  std::function<void(bool)> on_presence_;
  std::map<unsigned, Stream> streams_;
  std::list<std::weak_ptr<Watcher>> watchers_;
  StreamSink* sink_ = nullptr;
  unsigned last_number_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace pontlevis::agent
