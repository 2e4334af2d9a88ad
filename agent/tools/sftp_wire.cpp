#include "agent/tools/sftp_wire.hpp"

#include <cstdio>

namespace pontlevis::agent::sftp {

Attrs read_attrs(Reader& in) {
  constexpr std::uint32_t known = a_size | a_owner | a_mode | a_times | a_extended;
  Attrs out;
  out.flags = in.u32();
  if ((out.flags & ~known) != 0) in.spoil();  // the rest has no known form
  if (out.flags & a_size) out.size = in.u64();
  if (out.flags & a_owner) in.u64();
  if (out.flags & a_mode) out.mode = in.u32();
  if (out.flags & a_times) in.u64();
  if (out.flags & a_extended)
    for (std::uint32_t left = in.u32(); left > 0 && in.good(); --left) in.text(4096), in.text(4096);
  return out;
}

std::string describe(const Attrs& attrs) {
  std::string out;
  const auto add = [&out](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
  if (attrs.flags & a_mode) {
    char mode[16];
    std::snprintf(mode, sizeof mode, "mode=%04o", attrs.mode & 07777);
    add(mode);
  }
  if (attrs.flags & a_size) add("size=" + std::to_string(attrs.size));
  if (attrs.flags & a_owner) add("owner");
  if (attrs.flags & a_times) add("times");
  return out;
}

}  // namespace pontlevis::agent::sftp
