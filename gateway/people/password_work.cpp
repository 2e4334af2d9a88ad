#include "gateway/people/password_work.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "certs/password_hash.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

// A hash of nothing anybody knows: what the password of an unknown name is compared with.
constexpr const char* nobodys =
    "scrypt$65536$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

io::Awaitable<Result<bool>> verify_slowly(Secret password, std::string stored) {
  co_return certs::verify_password(password, stored);
}
io::Awaitable<Result<std::string>> hash_slowly(Secret password, Random* random) {
  co_return certs::hash_password(password, *random);
}

struct Counted {
  explicit Counted(int& n) : count(n) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int& count;
};

std::unexpected<Error> busy() { return fail(Errc::unavailable, "many passwords are being checked", "sign-in", "try again in a moment"); }

}  // namespace

io::Awaitable<Result<bool>> PasswordWork::verify(Secret password, std::string stored) {
  if (under_way_ >= most_waiting) co_return busy();
  const Counted counted(under_way_);
  const bool known = !stored.empty();
  auto checking = verify_slowly(std::move(password), known ? std::move(stored) : std::string(nobodys));
  auto right = co_await asio::co_spawn(threads_, std::move(checking), asio::use_awaitable);
  if (!right) co_return right;
  co_return known && *right;
}

io::Awaitable<Result<std::string>> PasswordWork::hash(Secret password) {
  if (under_way_ >= most_waiting) co_return busy();
  const Counted counted(under_way_);
  auto hashing = hash_slowly(std::move(password), &random_);
  co_return co_await asio::co_spawn(threads_, std::move(hashing), asio::use_awaitable);
}

Secret make_password(Random& random) {
  std::string bytes = random.bytes(10);
  std::string text = to_crockford(bytes);
  std::vector<char> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % 4 == 0) out.push_back('-');
    out.push_back(text[i]);
  }
  wipe_bytes(bytes);
  wipe_bytes(text);
  return Secret(std::move(out));
}

}  // namespace pontlevis::gateway
