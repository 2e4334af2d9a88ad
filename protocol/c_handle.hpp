// One line of RAII per C handle: `using EvpPkey = CHandle<EVP_PKEY, EVP_PKEY_free>;`.
// The aliases of a library stand beside its wrapper.
#pragma once

#include <memory>

namespace pontlevis {

template <auto Free>
struct CDeleter {
  template <class T>
  void operator()(T* p) const noexcept {
    static_cast<void>(Free(p));
  }
};
template <class T, auto Free>
using CHandle = std::unique_ptr<T, CDeleter<Free>>;

}  // namespace pontlevis
