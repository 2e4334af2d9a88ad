#include "gateway/retention/retention.hpp"
