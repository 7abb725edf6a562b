/*
 * Faults while an index is copied, packed, unpacked, mended and brought up to
 * date: at every operation in turn the process dies or the operation fails.
 * What is copied stays as it is to the byte, and the copy is whole or none;
 * what is mended is mended, or can be in the next run, without a loss.
 *
 *     upkeep [--share N] [--only WORD] [--deed WORD]
 *
 * One operation in N is looked at (1: all), of the plans and the deeds whose
 * names begin with these words.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parasol/check.h>
#include <parasol/parasol.h>
#include <parasol/repair.h>
#include <parasol/upkeep.h>

#include "common/base/crc.h"
#include "common/base/fail.h"
#include "common/base/ints.h"
#include "tests/crash/plans.h"
#include "tests/crash/story.h"
#include "tests/support/scratch.h"

/* Indexes that are made once and copied for each run. */
enum sample { SOUND, EARLIER, PLAIN, HARMED, HEADLESS, AGED, SAMPLES };

enum { SOUND_STEPS = 8, EARLIER_STEPS = 5, MANIFEST_PRINT = 40 };

static char samples[SAMPLES][640];
static story_model models[SAMPLES];
static char ids[SAMPLES][PARASOL_ID_ROOM];

typedef struct deed {
    const char *name;
    enum sample of;
    /* Before there are faults; may be NULL. `in` is the watched folder, with
       `index` in it. */
    int (*prepare)(const char *in, parasol_error *err);
    int (*act)(const char *in, parasol_error *err);
    const char *copy; /* what is made; NULL: the index itself is changed */
    int replaces;     /* the copy is there before, of EARLIER */
} deed;

static const char *at(char out[700], const char *folder, const char *name)
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
    uint8_t *bytes = scratch_read(at(from, folder, name), &n);
    scratch_write(at(to, user, name), bytes, n);
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
    if (!scratch_exists(at(b, user, name)))
        return 1;
    uint8_t *x = scratch_read(at(a, folder, name), &n);
    uint8_t *y = scratch_read(b, &m);
    int other = n != m || memcmp(x, y, n) != 0;
    free(x);
    free(y);
    return other;
}

static int has_all(const char *sample, const char *index)
{
    char in[700];
    (void)snprintf(in, sizeof in, "%s", index);
    return for_names(sample, is_same, in) == 0;
}

/* ---- what is whole ------------------------------------------------------ */

static int check_deeply(const char *index, parasol_error *why)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.deep = 1;
    return parasol_check(index, &o, NULL, why);
}

/* Sound, and with the documents of a sample. */
static int is_sound(const char *index, enum sample of, parasol_error *why)
{
    unsigned long long commit = 0;
    int rc = story_holds(index, &models[of], &commit, why);
    return rc ? rc : check_deeply(index, why);
}

/* Sound, and the commit of a sample to the byte. */
static int is_copy(const char *index, enum sample of, parasol_error *why)
{
    char id[PARASOL_ID_ROOM];
    int rc = is_sound(index, of, why);
    if (!rc)
        rc = parasol_index_id(index, id, why);
    if (!rc && strcmp(id, ids[of]) != 0)
        rc = pc_fail(why, PARASOL_CORRUPT, "the copy has other bytes");
    return rc;
}

/* ---- deeds -------------------------------------------------------------- */

static int back_up(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    return parasol_index_backup(at(index, in, "index"), at(copy, in, "copy"),
                                NULL, NULL, err);
}

static int back_up_links(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    o.link = 1;
    return parasol_index_backup(at(index, in, "index"), at(copy, in, "copy"),
                                &o, NULL, err);
}

static int pack(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    return parasol_index_pack(at(index, in, "index"), at(copy, in, "packed"),
                              NULL, NULL, err);
}

static int pack_earlier(const char *in, parasol_error *err)
{
    char copy[700];
    return parasol_index_pack(samples[EARLIER], at(copy, in, "packed"), NULL,
                              NULL, err);
}

static int pack_first(const char *in, parasol_error *err)
{
    char copy[700];
    return parasol_index_pack(samples[SOUND], at(copy, in, "given"), NULL, NULL,
                              err);
}

static int unpack(const char *in, parasol_error *err)
{
    char from[700], copy[700];
    return parasol_index_backup(at(from, in, "given"), at(copy, in, "copy"),
                                NULL, NULL, err);
}

/* All that is in the samples can be made again. */
static int mended(int rc, const parasol_repair_info *info, parasol_error *err)
{
    if (!rc && (info->lost > 0 || info->kept > 0))
        return pc_fail(err, PARASOL_INTERNAL,
                       "%llu documents were given up, %llu segments kept",
                       (unsigned long long)info->lost,
                       (unsigned long long)info->kept);
    return rc;
}

static int repair_from(const char *folder, const char *in, parasol_error *err)
{
    char index[700];
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_repair_info info = PARASOL_REPAIR_INFO_INIT;
    o.jobs = 1;
    o.folder = folder;
    return mended(parasol_repair(at(index, in, "index"), &o, &info, err), &info,
                  err);
}

static int repair(const char *in, parasol_error *err)
{
    return repair_from(NULL, in, err);
}

static int write_files(const char *in, parasol_error *err)
{
    char files[700];
    (void)err;
    if (mkdir(at(files, in, "files"), 0777) != 0)
        scratch_die(files);
    story_write_sources(files, &models[HARMED]);
    return PARASOL_OK;
}

/* Its second page is damaged: texts, but not what documents are called. */
static int repair_segment(const char *in, parasol_error *err)
{
    char files[700];
    return repair_from(at(files, in, "files"), in, err);
}

static int upgrade(const char *in, parasol_error *err)
{
    char index[700];
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_repair_info info = PARASOL_REPAIR_INFO_INIT;
    o.jobs = 1;
    return mended(parasol_upgrade(at(index, in, "index"), &o, &info, err),
                  &info, err);
}

static const deed deeds[] = {
    {"backup", SOUND, NULL, back_up, "copy", 0},
    {"backup with links", SOUND, NULL, back_up_links, "copy", 0},
    {"pack", SOUND, NULL, pack, "packed", 0},
    {"pack over another", SOUND, pack_earlier, pack, "packed", 1},
    {"unpack", SOUND, pack_first, unpack, "copy", 0},
    {"repair of a segment", HARMED, write_files, repair_segment, NULL, 0},
    {"repair of a manifest", HEADLESS, NULL, repair, NULL, 0},
    {"upgrade", AGED, NULL, upgrade, NULL, 0},
};

/* ---- a run -------------------------------------------------------------- */

static int run(const plan_trial *t, const plan *p, uint64_t n,
               const char *folder, faultfs *f)
{
    const deed *d = t->user;
    char in[700], index[720];
    parasol_error err = {0};
    if (mkdir(at(in, folder, "watched"), 0777) != 0)
        scratch_die(in);
    (void)snprintf(index, sizeof index, "%s/index", in);
    copy_folder(samples[d->of], index);
    if (d->prepare && d->prepare(in, &err))
        scratch_die(err.message);
    plan_begin(p, n, in, f);
    int rc = d->act(in, &err);
    faultfs_hold(1);
    if (!rc)
        return PLAN_DONE;
    if (err.message[0] && rc != PARASOL_INTERNAL && rc != PARASOL_CORRUPT &&
        rc != PARASOL_VERSION &&
        (rc != PARASOL_NOTFOUND || err.os_errno == ESTALE))
        return PLAN_FAILED;
    (void)fprintf(stderr, "%s, %s: %d: %s\n", d->name, p->name, rc,
                  err.message);
    return PLAN_BAD;
}

static void remove_copy(const char *copy)
{
    char tmp[720];
    (void)snprintf(tmp, sizeof tmp, "%s.tmp", copy);
    (void)unlink(tmp);
    scratch_empty(copy, 0);
    if (rmdir(copy) != 0)
        (void)unlink(copy);
}

static int has_leftovers(const char *copy)
{
    char tmp[720];
    (void)snprintf(tmp, sizeof tmp, "%s.tmp", copy);
    return scratch_exists(tmp);
}

static int judge_copy(const deed *d, const plan *p, const char *in, int status,
                      parasol_error *why)
{
    char index[700], copy[700];
    (void)at(index, in, "index");
    (void)at(copy, in, d->copy);
    if (!has_all(samples[d->of], index))
        return pc_fail(why, PARASOL_CORRUPT, "the index was changed");
    int there = scratch_exists(copy);
    int rc = is_copy(copy, d->of, why);
    if (rc && status == PLAN_DONE)
        return rc;
    if (rc && d->replaces)
        rc = is_copy(copy, EARLIER, why);
    else if (rc == PARASOL_NOTFOUND) /* it is no index, and says so */
        rc = PARASOL_OK;
    /* Who could clean up has. */
    if (!rc && status == PLAN_FAILED && p->times == 1 &&
        (has_leftovers(copy) ||
         (there && is_copy(copy, d->of, why) && !d->replaces)))
        rc = pc_fail(why, PARASOL_CORRUPT, "a broken copy was left");
    if (rc)
        return rc;
    remove_copy(copy);
    rc = d->act(in, why);
    return rc ? rc : is_copy(copy, d->of, why);
}

static int judge_mended(const deed *d, const plan *p, const char *in,
                        int status, parasol_error *why)
{
    char index[700];
    (void)at(index, in, "index");
    int rc = is_sound(index, d->of, why);
    int as_before = has_all(samples[d->of], index);
    if (rc && status == PLAN_DONE)
        return rc;
    if (!as_before && (rc || (status == PLAN_FAILED && p->times == 1)))
        return pc_fail(why, PARASOL_CORRUPT,
                       "it is neither as it was nor as reported");
    rc = d->act(in, why);
    return rc ? rc : is_sound(index, d->of, why);
}

static int judge(const plan_trial *t, const plan *p, const char *folder,
                 int status, parasol_error *why)
{
    const deed *d = t->user;
    char in[700];
    (void)at(in, folder, "watched");
    if (d->copy)
        return judge_copy(d, p, in, status, why);
    return judge_mended(d, p, in, status, why);
}

/* ---- samples ------------------------------------------------------------ */

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
        stat(at(path, folder, name), &st) == 0 && st.st_size > l->size) {
        l->size = st.st_size;
        (void)snprintf(l->name, sizeof l->name, "%s", path);
    }
    return 0;
}

/* A sample like another one, but for a bit of a file; under a right checksum
   if the manifest is aged. */
static void make_harmed(enum sample of, enum sample from, const char *folder)
{
    largest l = {of == HARMED ? "s" : "manifest.", "", 0};
    size_t n;
    (void)snprintf(samples[of], sizeof samples[of], "%s/harmed%d", folder,
                   (int)of);
    copy_folder(samples[from], samples[of]);
    models[of] = models[from];
    (void)for_names(samples[of], look_at, &l);
    uint8_t *bytes = scratch_read(l.name, &n);
    bytes[of == HARMED ? n / 2 : MANIFEST_PRINT] ^= 1;
    if (of == AGED)
        pc_store32le(bytes + n - 4, pc_crc32c(0, bytes, n - 4));
    scratch_write(l.name, bytes, n);
    free(bytes);
}

static void make_samples(const char *folder)
{
    make_sound(SOUND, SOUND_STEPS, folder);
    make_sound(EARLIER, EARLIER_STEPS, folder);
    make_harmed(HARMED, SOUND, folder);
    make_harmed(AGED, SOUND, folder);
    /* Without a manifest nobody knows what was deleted: nothing is. */
    make_sound(PLAIN, 1, folder);
    story_model first = models[PLAIN];
    parasol_error err = {0};
    if (story_go_on(samples[PLAIN], &first, &models[PLAIN], &err))
        scratch_die(err.message);
    make_harmed(HEADLESS, PLAIN, folder);
}

int main(int argc, char **argv)
{
    scratch dir;
    uint64_t share = 1, bad = 0, tried = 0;
    const char *only = "", *word = "";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--share") == 0)
            share = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0)
            only = argv[i + 1];
        else if (strcmp(argv[i], "--deed") == 0)
            word = argv[i + 1];
    }
    if (argc % 2 == 0 || share == 0) {
        (void)fprintf(stderr,
                      "usage: %s [--share N] [--only WORD] [--deed WORD]\n",
                      argv[0]);
        return 2;
    }
    scratch_make(&dir);
    faultfs *f = faultfs_begin(scratch_path(&dir, "control"));
    make_samples(dir.dir);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        plan_trial t = {deeds[i].name, &deeds[i], run, judge};
        if (strncmp(deeds[i].name, word, strlen(word)) == 0) {
            bad += plans_try(&t, f, share, only);
            tried++;
        }
    }
    scratch_remove(&dir);
    return bad > 0 || tried == 0;
}
