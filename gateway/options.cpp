#include "gateway/options.hpp"

namespace pontlevis::gateway {

Result<Options> Options::read(const std::optional<std::filesystem::path>& file, const OptionTexts& flags,
                              const char* const* environment) {
  PL_TRY(values, io::OptionValues::read(gateway_options, file, flags, environment));
  Options out(std::move(values));
  const auto& level = out.text("log.level");
  if (level != "debug" && level != "info" && level != "warn" && level != "error")
    return fail(Errc::bad_input, "'log.level' must be debug, info, warn or error", file ? file->string() : "options");
  return out;
}

}  // namespace pontlevis::gateway
