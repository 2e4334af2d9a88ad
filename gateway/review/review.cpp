#include "gateway/review/review.hpp"
