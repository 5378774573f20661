/* What libfaketime 0.9.10 (Debian's) does wrong, mended. Preloaded by scripts/any-day before it.

   It refuses absolute sleeps on the monotonic clock when it is told to leave that clock alone, and Python sleeps so
   since 3.11: they are handed to the kernel.

   It asks getenv for its settings whenever a thread waits for a condition, as Python's threads do for the
   interpreter. Where another thread sets a variable meanwhile, the C library moves the environment and the reader
   crashes. Its settings are read once, while there is one thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    return syscall(SYS_clock_nanosleep, clock, flags, until, left) == 0 ? 0 : errno;
}

#define PREFIX "FAKETIME"
#define MOST 32

static char *settings[MOST];
static int settings_count = -1;

static void read_settings(void)
{
    settings_count = 0;
    for (char **entry = environ; entry && *entry && settings_count < MOST; entry++)
        if (strncmp(*entry, PREFIX, strlen(PREFIX)) == 0)
            settings[settings_count++] = strdup(*entry);
}

char *getenv(const char *name)
{
    static char *(*real)(const char *);
    if (settings_count < 0)
        read_settings();
    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0) {
        if (!real)
            real = (char *(*)(const char *))dlsym(RTLD_NEXT, "getenv");
        return real(name);
    }
    size_t length = strlen(name);
    for (int i = 0; i < settings_count; i++)
        if (strncmp(settings[i], name, length) == 0 && settings[i][length] == '=')
            return settings[i] + length + 1;
    return NULL;
}
