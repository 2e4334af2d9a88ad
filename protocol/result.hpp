// Errors are values: a function that can fail returns Result<T>. Exceptions end a process or a
// session, never a decision. An Error is made for a person: what happened, where, and a hint.
// REQUIRES: no secret, patient datum or IP address in any of the three texts.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace pontlevis {

enum class Errc {
  bad_input = 1,   // bytes or text from outside that break a stated rule
  bad_frame,       // a frame that is unknown, oversized or out of phase: the link ends
  bad_signature,   // a signature, card, note or proof that does not verify
  not_found,       // a named thing that does not exist here
  not_allowed,     // understood, and refused by a rule
  conflict,        // the thing exists already, or its state forbids this
  expired,         // too late: a card, code, consent or password past its time
  unavailable,     // the other side, a resource or a slot is not there now
  io,              // the operating system said no (disk, socket, process)
  closed,          // the stream or session ended
  internal,        // a rule of our own was broken; always a defect
};

struct Error {
  Errc code{};
  std::string what;   // one sentence: what is wrong
  std::string where;  // file:line, frame and field, or command; may be empty
  std::string hint;   // what the person can do; may be empty

  // "where: what" and, on a second line, "  hint: …".
  std::string text() const {
    std::string out = where.empty() ? what : where + ": " + what;
    return hint.empty() ? out : out + "\n  hint: " + hint;
  }
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string what, std::string where = {},
                                   std::string hint = {}) {
  return std::unexpected(Error{code, std::move(what), std::move(where), std::move(hint)});
}

}  // namespace pontlevis

// libstdc++ 12 has no and_then: these two keep a failing step at one line.
// PL_TRY(name, expr): name = value of expr, or return its error. PL_CHECK(expr): the same for void.
// PL_CO_TRY / PL_CO_CHECK: the same inside a coroutine.
#define PL_CONCAT_(a, b) a##b
#define PL_CONCAT(a, b) PL_CONCAT_(a, b)
#define PL_TRY_(tmp, name, expr, ret)                     \
  auto tmp = (expr);                                      \
  if (!tmp) ret std::unexpected(std::move(tmp).error());  \
  auto name = std::move(*tmp)
#define PL_CHECK_(tmp, expr, ret)                                              \
  do {                                                                         \
    if (auto tmp = (expr); !tmp) ret std::unexpected(std::move(tmp).error());  \
  } while (false)
#define PL_TRY(name, ...) PL_TRY_(PL_CONCAT(pl_try_, __LINE__), name, (__VA_ARGS__), return)
#define PL_CHECK(...) PL_CHECK_(PL_CONCAT(pl_check_, __LINE__), (__VA_ARGS__), return)
#define PL_CO_TRY(name, ...) PL_TRY_(PL_CONCAT(pl_try_, __LINE__), name, (__VA_ARGS__), co_return)
#define PL_CO_CHECK(...) PL_CHECK_(PL_CONCAT(pl_check_, __LINE__), (__VA_ARGS__), co_return)
