#include "gateway/backup/backups.hpp"
