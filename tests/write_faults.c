/* Lets the n-th write, sync, truncation, link, rename or making of a file below a folder fail, as a full or a broken
   disk does. Loaded before the C library; `fault_arm` is called from Python. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long failing = 0, seen = 0, lasting = 0;
static int with = 0;

void fault_arm(const char *below, long number, int error, long more) {
    strncpy(folder, below, sizeof folder - 1);
    failing = number, with = error, seen = 0, lasting = more;
}

long fault_seen(void) { return seen; }

static int fails(const char *path) {
    if (!folder[0] || strncmp(path, folder, strlen(folder)) != 0) return 0;
    long now = __sync_add_and_fetch(&seen, 1);
    if (!failing || now < failing || now > failing + lasting) return 0;
    errno = with;
    return 1;
}

static int fails_at(int fd) {
    char link[64], path[PATH_MAX];
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(path);
}

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))
#define MAKES(path, flags) (((flags) & O_CREAT) && access((path), F_OK) != 0 && fails(path))
#define MODE(flags) ({ va_list more; va_start(more, flags); mode_t mode = (flags) & O_CREAT ? va_arg(more, mode_t) : 0; va_end(more); mode; })

ssize_t write(int fd, const void *data, size_t size) { return fails_at(fd) ? -1 : REAL(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return fails_at(fd) ? -1 : REAL(writev)(fd, parts, count); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return fails_at(fd) ? -1 : REAL(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return fails_at(fd) ? -1 : REAL(pwrite64)(fd, data, size, at); }
int fsync(int fd) { return fails_at(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails_at(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return fails_at(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fails_at(fd) ? -1 : REAL(ftruncate64)(fd, size); }
int rename(const char *from, const char *to) { return fails(to) ? -1 : REAL(rename)(from, to); }
int link(const char *from, const char *to) { return fails(to) ? -1 : REAL(link)(from, to); }
int open(const char *path, int flags, ...) { mode_t mode = MODE(flags); return MAKES(path, flags) ? -1 : REAL(open)(path, flags, mode); }
int open64(const char *path, int flags, ...) { mode_t mode = MODE(flags); return MAKES(path, flags) ? -1 : REAL(open64)(path, flags, mode); }
