#include "gateway/witnesses/witnesses.hpp"
