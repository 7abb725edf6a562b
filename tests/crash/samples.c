/*
 * Making the samples.
 */
#include "tests/crash/samples.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parasol/indexer.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "tests/support/scratch.h"

enum { SOUND_STEPS = 8, EARLIER_STEPS = 5, MANIFEST_PRINT = 40 };

static char samples[SAMPLES][640];
static story_model models[SAMPLES];
static char ids[SAMPLES][PARASOL_ID_ROOM];

const char *sample_at(char out[700], const char *folder, const char *name)
{
    (void)snprintf(out, 700, "%s/%s", folder, name);
    return out;
}

/* ---- files -------------------------------------------------------------- */

/* Calls do() for each name in a folder; stops at the first that is not 0. */
typedef int each_name(const char *name, const char *folder, void *user);

static int for_names(const char *folder, each_name *call, void *user)
{
    DIR *d = opendir(folder);
    int rc = 0;
    if (!d)
        scratch_die(folder);
    const struct dirent *e;
    while (!rc && (e = readdir(d))) {
        if (e->d_name[0] != '.')
            rc = call(e->d_name, folder, user);
    }
    (void)closedir(d);
    return rc;
}

static int copy_one(const char *name, const char *folder, void *user)
{
    char from[700], to[700];
    size_t n;
    uint8_t *bytes = scratch_read(sample_at(from, folder, name), &n);
    scratch_write(sample_at(to, user, name), bytes, n);
    free(bytes);
    return 0;
}

static void copy_folder(const char *from, const char *to)
{
    if (mkdir(to, 0777) != 0)
        scratch_die(to);
    char out[700];
    (void)snprintf(out, sizeof out, "%s", to);
    (void)for_names(from, copy_one, out);
}

/* No part of a commit. */
static int is_aside(const char *name)
{
    return strcmp(name, "lock") == 0 || strcmp(name, "log") == 0;
}

static int is_same(const char *name, const char *folder, void *user)
{
    char a[700], b[700];
    size_t n, m;
    if (is_aside(name))
        return 0;
    if (!scratch_exists(sample_at(b, user, name)))
        return 1;
    uint8_t *x = scratch_read(sample_at(a, folder, name), &n);
    uint8_t *y = scratch_read(b, &m);
    int other = n != m || memcmp(x, y, n) != 0;
    free(x);
    free(y);
    return other;
}

int sample_is_in(enum sample of, const char *index)
{
    char in[700];
    (void)snprintf(in, sizeof in, "%s", index);
    return for_names(samples[of], is_same, in) == 0;
}

const story_model *sample_model(enum sample of)
{
    return &models[of];
}

const char *sample_id(enum sample of)
{
    return ids[of];
}

const char *sample_path(enum sample of)
{
    return samples[of];
}

void sample_copy(enum sample of, const char *to)
{
    copy_folder(samples[of], to);
}

/* ---- making them ------------------------------------------------------- */

static void make_sound(enum sample of, unsigned steps, const char *folder)
{
    story_place place;
    char apart[600];
    (void)snprintf(apart, sizeof apart, "%s/%d", folder, (int)of);
    if (mkdir(apart, 0777) != 0)
        scratch_die(apart);
    story_place_make(&place, apart);
    for (unsigned j = 0; j < steps; j++) {
        story_model from;
        parasol_error err = {0};
        story_model_after((int)j - 1, &from);
        story_model_after((int)j, &models[of]);
        if (story_find("library")->run(&place, j, &from, &models[of], &err))
            scratch_die(err.message);
    }
    (void)snprintf(samples[of], sizeof samples[of], "%s", place.index);
    if (parasol_index_id(samples[of], ids[of], NULL))
        scratch_die("id");
}

/* The index of a folder. */
static void make_walked(const char *folder)
{
    char files[600];
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    (void)snprintf(files, sizeof files, "%s/files", folder);
    (void)snprintf(samples[WALKED], sizeof samples[WALKED], "%s/walked",
                   folder);
    if (mkdir(files, 0777) != 0)
        scratch_die(files);
    story_model_after(0, &models[WALKED]);
    story_write_sources(files, &models[WALKED]);
    o.jobs = 1;
    if (parasol_indexer_open(&w, samples[WALKED], &o, &err) ||
        parasol_indexer_add_tree(w, files, NULL, NULL, &err) ||
        parasol_indexer_commit(w, NULL, &err))
        scratch_die(err.message);
    parasol_indexer_close(w);
}

typedef struct largest {
    const char *begin; /* of its name */
    char name[700];
    off_t size;
} largest;

static int look_at(const char *name, const char *folder, void *user)
{
    largest *l = user;
    char path[700];
    struct stat st;
    if (strncmp(name, l->begin, strlen(l->begin)) == 0 &&
        stat(sample_at(path, folder, name), &st) == 0 && st.st_size > l->size) {
        l->size = st.st_size;
        (void)snprintf(l->name, sizeof l->name, "%s", path);
    }
    return 0;
}

/* A sample like another one, but for a bit of a file; under a right checksum
   if the manifest is aged. */
static void make_harmed(enum sample of, enum sample from, const char *folder)
{
    largest l = {"manifest.", "", 0};
    size_t n;
    (void)snprintf(samples[of], sizeof samples[of], "%s/harmed%d", folder,
                   (int)of);
    copy_folder(samples[from], samples[of]);
    models[of] = models[from];
    if (of == HARMED || of == UNLISTED)
        l.begin = of == HARMED ? "s" : "f";
    (void)for_names(samples[of], look_at, &l);
    uint8_t *bytes = scratch_read(l.name, &n);
    bytes[l.begin[0] == 'm' ? MANIFEST_PRINT : n / 2] ^= 1;
    if (of == AGED)
        pc_store32le(bytes + n - 4, pc_crc32c(0, bytes, n - 4));
    scratch_write(l.name, bytes, n);
    free(bytes);
}

void samples_make(const char *folder)
{
    make_sound(SOUND, SOUND_STEPS, folder);
    make_sound(EARLIER, EARLIER_STEPS, folder);
    make_harmed(HARMED, SOUND, folder);
    make_harmed(AGED, SOUND, folder);
    make_walked(folder);
    make_harmed(UNLISTED, WALKED, folder);
    /* Without a manifest nobody knows what was deleted: nothing is. */
    make_sound(PLAIN, 1, folder);
    story_model first = models[PLAIN];
    parasol_error err = {0};
    if (story_go_on(samples[PLAIN], &first, &models[PLAIN], &err))
        scratch_die(err.message);
    make_harmed(HEADLESS, PLAIN, folder);
}
