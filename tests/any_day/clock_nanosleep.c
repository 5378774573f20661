/* libfaketime 0.9.10 (Debian's) refuses absolute sleeps on the monotonic clock when it is told to leave that clock
   alone, and Python sleeps so since 3.11: this hands them to the kernel. Preloaded by scripts/any-day before it. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    return syscall(SYS_clock_nanosleep, clock, flags, until, left) == 0 ? 0 : errno;
}
