#include "gateway/registers/registers.hpp"
