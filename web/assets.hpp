// The pages of web/, built into the program: what a server answers with, byte for byte. Everything here is
// constant data of the binary itself: no file is read, any thread may look. An etag names the bytes, so a
// changed page is never mistaken for the old one. requirements A32; docs/page.md §1.
#pragma once

#include <span>
#include <string_view>

namespace pontlevis::web {

struct Asset {
  std::string_view path;          // "/" for the page, else "/assets/<name>"
  std::string_view content_type;
  std::string_view etag;          // with its quotes: "\"0123456789abcdef\""
  std::string_view bytes;
  std::string_view gzip;          // empty when it would not be smaller
};

// The practitioner's page, "/" first. A program that was built with BUILD_WEB=OFF has one page that says so.
std::span<const Asset> practitioner_assets();
// The technician's console, served by the gateway.
std::span<const Asset> console_assets();
// The compliance review, served by the gateway at /review/.
std::span<const Asset> review_assets();

}  // namespace pontlevis::web
