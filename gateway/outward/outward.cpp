#include "gateway/outward/outward.hpp"
