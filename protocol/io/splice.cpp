#include "protocol/io/splice.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

namespace pontlevis::io {
namespace {

// One direction. An error ends both; an end of stream ends only this one.
Awaitable<void> copy(ByteStream& from, ByteStream& to, std::uint64_t* count) {
  std::vector<char> buffer(128 * 1024);
  for (;;) {
    const auto n = co_await from.read_some(buffer);
    if (!n || *n == 0) {
      if (n) co_return to.shutdown_write();
      break;
    }
    const auto written = co_await to.write_all({buffer.data(), *n});
    if (!written) break;
    if (count) *count += *n;
  }
  from.close();
  to.close();
}

}  // namespace

Awaitable<void> splice(ByteStream& a, ByteStream& b, SpliceCount* counts) {
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (copy(a, b, counts ? &counts->a_to_b : nullptr) && copy(b, a, counts ? &counts->b_to_a : nullptr));
  a.close();
  b.close();
}

}  // namespace pontlevis::io
