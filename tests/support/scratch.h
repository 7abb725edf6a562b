/*
 * For tests that need a directory of their own: made empty under $TMPDIR or
 * /tmp, removed with everything in it. Header only, so that a test program
 * links nothing for it. A failure of the system ends the test program.
 */
#ifndef PARASOL_TESTS_SUPPORT_SCRATCH_H
#define PARASOL_TESTS_SUPPORT_SCRATCH_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct scratch {
    char dir[512];
    char path[1024]; /* of the last scratch_path */
} scratch;

static inline void scratch_die(const char *what)
{
    perror(what);
    exit(99);
}

static inline void scratch_make(scratch *s)
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(s->dir, sizeof s->dir, "%s/parasol-test-XXXXXX",
                     base && base[0] ? base : "/tmp");
    if (n < 0 || (size_t)n >= sizeof s->dir || !mkdtemp(s->dir))
        scratch_die("mkdtemp");
}

/* DIR/NAME, borrowed until the next call. */
static inline const char *scratch_path(scratch *s, const char *name)
{
    int n = snprintf(s->path, sizeof s->path, "%s/%s", s->dir, name);
    if (n < 0 || (size_t)n >= sizeof s->path)
        scratch_die("scratch_path");
    return s->path;
}

/* Removes the directory's content, one level of folders deep. */
static inline void scratch_empty(const char *dir, int depth)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    const struct dirent *e;
    while ((e = readdir(d))) {
        char path[1024];
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        int n = snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (n < 0 || (size_t)n >= sizeof path || lstat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            if (depth > 0)
                scratch_empty(path, depth - 1);
            (void)rmdir(path);
        } else {
            (void)unlink(path);
        }
    }
    (void)closedir(d);
}

static inline void scratch_remove(scratch *s)
{
    scratch_empty(s->dir, 4);
    (void)rmdir(s->dir);
}

/* Replaces the file by these bytes. */
static inline void scratch_write(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f || (n > 0 && fwrite(bytes, 1, n, f) != n) || fclose(f) != 0)
        scratch_die(path);
}

/* The whole file; the caller frees it. */
static inline uint8_t *scratch_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        scratch_die(path);
    long size = ftell(f);
    if (size < 0 || fseek(f, 0, SEEK_SET) != 0)
        scratch_die(path);
    uint8_t *p = malloc((size_t)size + 1);
    if (!p || fread(p, 1, (size_t)size, f) != (size_t)size)
        scratch_die(path);
    (void)fclose(f);
    *n = (size_t)size;
    return p;
}

static inline int scratch_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* PARASOL_TEST_SEED or the clock, printed so that a failure can be had
   again. */
static inline uint64_t scratch_seed(void)
{
    const char *given = getenv("PARASOL_TEST_SEED");
    uint64_t seed =
        given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 1000003u;
    if (!given)
        seed += (uint64_t)getpid();
    printf("PARASOL_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* splitmix64 */
static inline uint64_t scratch_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline uint64_t scratch_below(uint64_t *state, uint64_t n)
{
    return scratch_random(state) % n;
}

#endif
