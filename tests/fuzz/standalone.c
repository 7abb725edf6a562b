/*
 * Runs a fuzz target without a fuzzer: every seed of the folders and files
 * named on the command line, then every seed cut short and with bytes
 * changed at random. The seed of the random numbers is printed; give it as
 * PARASOL_TEST_SEED to see the same run again. With PARASOL_FUZZ_LAST naming a
 * file, each input is written there before it is tried, so that the last one
 * is the one that crashed.
 *
 * It must never know what the target tests. A run that saw no input fails.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 100, MAX_CUTS = 200 };

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void keep(const char *path, const uint8_t *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

/* The target sees a block of exactly `size` bytes, so that a sanitizer
   notices a read behind it. */
static void run_exact(const uint8_t *data, size_t size)
{
    const char *last = getenv("PARASOL_FUZZ_LAST");
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    if (last)
        keep(last, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_cuts(const uint8_t *data, size_t size)
{
    size_t step = size / MAX_CUTS + 1;
    for (size_t n = 0; n < size; n += step)
        run_exact(data, n);
}

static void run_mutations(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    for (int i = 0; size > 0 && i < MUTATIONS; i++) {
        memcpy(copy, data, size);
        for (uint64_t n = 1 + next_random() % 4; n > 0; n--)
            copy[next_random() % size] = (uint8_t)next_random();
        run_exact(copy, size);
    }
    free(copy);
}

static size_t run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    size_t cap = 1 << 16;
    size_t size = 0;
    uint8_t *data = malloc(cap);
    while (data) {
        size += fread(data + size, 1, cap - size, f);
        if (size < cap)
            break;
        cap *= 2;
        uint8_t *grown = realloc(data, cap);
        if (!grown)
            free(data);
        data = grown;
    }
    fclose(f);
    if (!data)
        abort();
    run_exact(data, size);
    run_cuts(data, size);
    run_mutations(data, size);
    free(data);
    return 1;
}

static size_t run_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        exit(1);
    }
    if (!S_ISDIR(st.st_mode))
        return run_file(path);
    struct dirent **names = NULL;
    int count = scandir(path, &names, NULL, alphasort);
    size_t runs = 0;
    for (int i = 0; i < count; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            runs += run_path(child);
        free(names[i]);
    }
    free(names);
    return runs;
}

int main(int argc, char **argv)
{
    const char *given = getenv("PARASOL_TEST_SEED");
    random_state = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("PARASOL_TEST_SEED=%" PRIu64 "\n", random_state);
    fflush(stdout); /* it must be seen after a crash */
    random_state = random_state * 0x9E3779B97F4A7C15u | 1;
    size_t runs = 0;
    for (int i = 1; i < argc; i++)
        runs += run_path(argv[i]);
    printf("%zu seeds\n", runs);
    return runs > 0 ? 0 : 1;
}
