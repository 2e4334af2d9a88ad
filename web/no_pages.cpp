// A program that was built without npm: one page that says so plainly, in both languages.
#include <array>

#include "web/assets.hpp"

namespace pontlevis::web {

std::span<const Asset> console_assets() {
  static constexpr std::array<Asset, 1> assets{{{
      "/", "text/html; charset=utf-8", "\"built-without-pages\"",
      "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Pontlevis</title></head><body>"
      "<h1>Pontlevis</h1><p>Ce programme a été construit sans ses pages (BUILD_WEB=OFF). Tout se fait par ssh : "
      "ssh -p 2222 vous@passerelle help.</p>"
      "<p lang=\"en\">This program was built without its pages (BUILD_WEB=OFF). Everything can be done over ssh: "
      "ssh -p 2222 you@gateway help.</p></body></html>\n",
      {}}}};
  return assets;
}

std::span<const Asset> review_assets() {
  static constexpr std::array<Asset, 1> assets{{{
      "/", "text/html; charset=utf-8", "\"built-without-pages\"",
      "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Pontlevis</title></head><body>"
      "<h1>Pontlevis</h1><p>Ce programme a été construit sans ses pages (BUILD_WEB=OFF). Le journal se lit avec "
      "pontlevis-audit show.</p>"
      "<p lang=\"en\">This program was built without its pages (BUILD_WEB=OFF). The log can be read with "
      "pontlevis-audit show.</p></body></html>\n",
      {}}}};
  return assets;
}

std::span<const Asset> practitioner_assets() {
  static constexpr std::array<Asset, 1> assets{{{
      "/", "text/html; charset=utf-8", "\"built-without-pages\"",
      "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Pontlevis</title></head><body>"
      "<h1>Pontlevis</h1><p>Ce programme a été construit sans ses pages (BUILD_WEB=OFF). Tout se fait en ligne de "
      "commande : pontlevis-agent requests, approve, refuse, pause, resume, stop, status.</p>"
      "<p lang=\"en\">This program was built without its pages (BUILD_WEB=OFF). Everything can be done from the command "
      "line: pontlevis-agent requests, approve, refuse, pause, resume, stop, status.</p></body></html>\n",
      {}}}};
  return assets;
}

}  // namespace pontlevis::web
