// The built pages, embedded in the program that serves them: nothing is read from the disk and nothing
// comes from elsewhere. Static; any thread.
#pragma once

#include <span>
#include <string_view>

namespace pontlevis::web {

struct Asset {
  std::string_view path;          // "/" or "/assets/<name>"
  std::string_view content_type;
  std::string_view etag;          // quoted
  std::string_view bytes;
  std::string_view gzip;          // empty when it would not be smaller
};

std::span<const Asset> practitioner_assets();

}  // namespace pontlevis::web
