/*
 * Stands in for libFuzzer: gives each file named on the command line, and
 * each file of each directory named, to the fuzz target once. Fails when
 * there was nothing to give.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 1 if the file was replayed. */
static int replay_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    /* An exact block, so that the sanitizer sees a read past its end. */
    uint8_t *data = malloc(size ? size : 1);
    int done = 0;
    if (data && fread(data, 1, size, f) == size) {
        (void)LLVMFuzzerTestOneInput(data, size);
        done = 1;
    }
    free(data);
    (void)fclose(f);
    return done;
}

/* The number of files replayed at or directly below `path`; -1 if one of
   them could not be read. */
static long replay(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return -1;
    if (S_ISREG(st.st_mode))
        return replay_file(path, (size_t)st.st_size) ? 1 : -1;
    DIR *dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    if (!dir)
        return -1;
    long n = 0;
    const struct dirent *e;
    while (n >= 0 && (e = readdir(dir)) != NULL) {
        char child[4096];
        int len = snprintf(child, sizeof child, "%s/%s", path, e->d_name);
        if (e->d_name[0] == '.')
            continue;
        if (len < 0 || (size_t)len >= sizeof child || stat(child, &st) != 0) {
            n = -1;
            break;
        }
        if (!S_ISREG(st.st_mode))
            continue;
        n = replay_file(child, (size_t)st.st_size) ? n + 1 : -1;
    }
    (void)closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    long total = 0;
    for (int i = 1; i < argc; i++) {
        long n = replay(argv[i]);
        if (n < 0) {
            (void)fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        total += n;
    }
    (void)printf("%ld inputs replayed\n", total);
    return total > 0 ? 0 : 1;
}
