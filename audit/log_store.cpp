#include "audit/merkle.hpp"
