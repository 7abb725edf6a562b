/*
 * Helpers of the text tests: data files and random numbers.
 */
#include "tests/unit/text/ucd_file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text/utf8.h"

bool ucd_file_open(ucd_file *u, const char *name)
{
    char path[512];
    size_t n = strlen(name);
    u->number = 0;
    u->piped = n > 4 && strcmp(name + n - 4, ".bz2") == 0;
    (void)snprintf(path, sizeof path, "%s/%s", PARASOL_TEST_UCD, name);
    u->f = fopen(path, "rb");
    if (u->f && u->piped) {
        (void)fclose(u->f);
        (void)snprintf(path, sizeof path, "bzip2 -dc %s/%s", PARASOL_TEST_UCD,
                       name);
        u->f = popen(path, "r");
    }
    if (!u->f)
        (void)printf("skipped: no %s/%s (package unicode-data)\n",
                     PARASOL_TEST_UCD, name);
    return u->f != NULL;
}

bool ucd_file_line(ucd_file *u)
{
    while (fgets(u->line, sizeof u->line, u->f)) {
        u->number++;
        u->line[strcspn(u->line, "#\r\n")] = '\0';
        if (u->line[strspn(u->line, " \t")] != '\0')
            return true;
    }
    return false;
}

void ucd_file_close(ucd_file *u)
{
    if (u->piped)
        (void)pclose(u->f);
    else
        (void)fclose(u->f);
}

size_t ucd_file_points(const char **p, char *out, size_t cap)
{
    size_t n = 0;
    for (;;) {
        char *end;
        *p += strspn(*p, " \t");
        if (!strchr("0123456789ABCDEF", **p) || **p == '\0' || n + 4 > cap)
            return n;
        uint32_t cp = (uint32_t)strtoul(*p, &end, 16);
        n += pc_utf8_encode(cp, out + n);
        *p = end;
    }
}

uint64_t test_rng(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545F4914F6CDD1Du;
}

uint64_t test_seed(const char *test)
{
    const char *given = getenv("PARASOL_TEST_SEED");
    uint64_t seed =
        given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 2654435761u;
    if (seed == 0)
        seed = 1;
    (void)printf("%s: PARASOL_TEST_SEED=%llu\n", test,
                 (unsigned long long)seed);
    return seed;
}
