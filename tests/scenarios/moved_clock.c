// The calendar of one program, moved: LD_PRELOAD=…/moved_clock.so MOVED_DAYS=150 program. Only the calendar moves, as when an
// administrator sets it: what counts since boot stays. libfaketime does as much and more, but cannot live beside
// AddressSanitizer; this asks the kernel itself and allocates nothing.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t moved(void) {
  const char* days = getenv("MOVED_DAYS");
  return days ? (time_t)atol(days) * 86400 : 0;
}

int clock_gettime(clockid_t clock, struct timespec* t) {
  const int answer = (int)syscall(SYS_clock_gettime, clock, t);
  if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) t->tv_sec += moved();
  return answer;
}

int gettimeofday(struct timeval* restrict t, void* restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  t->tv_sec = now.tv_sec;
  t->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* t) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (t) *t = now.tv_sec;
  return now.tv_sec;
}
