#include "gateway/timestamps/timestamps.hpp"
