// The kinds of records as people read them, in the register and in answers to a person. Pure; any thread.
#pragma once

#include "gateway/registers/common/two.hpp"

namespace pontlevis::gateway {

// "consent": accord, consent. The code itself where there are no words: a test sees that there is none such.
Both record_words(std::string_view type);

}  // namespace pontlevis::gateway
