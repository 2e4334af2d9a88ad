// Says in a PDF in which language it is written, which Cairo 1.16 cannot: an incremental update of its catalogue, as the
// format provides for. Pure. A file that does not look as Cairo writes it is left as it is.
#pragma once

#include <string>
#include <string_view>

namespace pontlevis::audit {

std::string with_language(std::string pdf, std::string_view language);

}  // namespace pontlevis::audit
