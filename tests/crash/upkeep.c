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
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parasol/check.h>
#include <parasol/indexer.h>
#include <parasol/parasol.h>
#include <parasol/repair.h>
#include <parasol/upkeep.h>

#include "common/base/fail.h"
#include "tests/crash/plans.h"
#include "tests/crash/samples.h"
#include "tests/crash/story.h"
#include "tests/support/scratch.h"

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
    int rc = story_holds(index, sample_model(of), &commit, why);
    return rc ? rc : check_deeply(index, why);
}

/* Sound, and the commit of a sample to the byte. */
static int is_copy(const char *index, enum sample of, parasol_error *why)
{
    char id[PARASOL_ID_ROOM];
    int rc = is_sound(index, of, why);
    if (!rc)
        rc = parasol_index_id(index, id, why);
    if (!rc && strcmp(id, sample_id(of)) != 0)
        rc = pc_fail(why, PARASOL_CORRUPT, "the copy has other bytes");
    return rc;
}

/* ---- deeds -------------------------------------------------------------- */

static int back_up(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    return parasol_index_backup(sample_at(index, in, "index"),
                                sample_at(copy, in, "copy"), NULL, NULL, err);
}

static int back_up_links(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    parasol_copy_options o = PARASOL_COPY_OPTIONS_INIT;
    o.link = 1;
    return parasol_index_backup(sample_at(index, in, "index"),
                                sample_at(copy, in, "copy"), &o, NULL, err);
}

static int pack(const char *in, parasol_error *err)
{
    char index[700], copy[700];
    return parasol_index_pack(sample_at(index, in, "index"),
                              sample_at(copy, in, "packed"), NULL, NULL, err);
}

static int pack_earlier(const char *in, parasol_error *err)
{
    char copy[700];
    return parasol_index_pack(sample_path(EARLIER),
                              sample_at(copy, in, "packed"), NULL, NULL, err);
}

static int pack_first(const char *in, parasol_error *err)
{
    char copy[700];
    return parasol_index_pack(sample_path(SOUND), sample_at(copy, in, "given"),
                              NULL, NULL, err);
}

static int unpack(const char *in, parasol_error *err)
{
    char from[700], copy[700];
    return parasol_index_backup(sample_at(from, in, "given"),
                                sample_at(copy, in, "copy"), NULL, NULL, err);
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
    return mended(parasol_repair(sample_at(index, in, "index"), &o, &info, err),
                  &info, err);
}

static int repair(const char *in, parasol_error *err)
{
    return repair_from(NULL, in, err);
}

/* The files of an index, beside it. */
static int write_files(const char *in, enum sample of)
{
    char files[700];
    if (mkdir(sample_at(files, in, "files"), 0777) != 0)
        scratch_die(files);
    story_write_sources(files, sample_model(of));
    return PARASOL_OK;
}

static int write_harmed(const char *in, parasol_error *err)
{
    (void)err;
    return write_files(in, HARMED);
}

static int write_unlisted(const char *in, parasol_error *err)
{
    (void)err;
    return write_files(in, UNLISTED);
}

/* Its second page is damaged: texts, but not what documents are called. */
static int repair_segment(const char *in, parasol_error *err)
{
    char files[700];
    return repair_from(sample_at(files, in, "files"), in, err);
}

static int count_folder(const char *prefix, const char *folder, void *user)
{
    (void)prefix;
    (void)folder;
    ++*(int *)user;
    return 0;
}

static int repair_catalog(const char *in, parasol_error *err)
{
    char index[700], files[700];
    int folders = 0;
    int rc = repair_from(sample_at(files, in, "files"), in, err);
    faultfs_hold(1);
    if (!rc)
        rc = parasol_index_folders(sample_at(index, in, "index"), count_folder,
                                   &folders, err);
    faultfs_hold(0);
    if (!rc && folders != 1)
        rc = pc_fail(err, PARASOL_INTERNAL, "the catalog was given up");
    return rc;
}

static int upgrade(const char *in, parasol_error *err)
{
    char index[700];
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_repair_info info = PARASOL_REPAIR_INFO_INIT;
    o.jobs = 1;
    return mended(
        parasol_upgrade(sample_at(index, in, "index"), &o, &info, err), &info,
        err);
}

static const deed deeds[] = {
    {"backup", SOUND, NULL, back_up, "copy", 0},
    {"backup with links", SOUND, NULL, back_up_links, "copy", 0},
    {"pack", SOUND, NULL, pack, "packed", 0},
    {"pack over another", SOUND, pack_earlier, pack, "packed", 1},
    {"unpack", SOUND, pack_first, unpack, "copy", 0},
    {"repair of a segment", HARMED, write_harmed, repair_segment, NULL, 0},
    {"repair of a manifest", HEADLESS, NULL, repair, NULL, 0},
    {"repair of a catalog", UNLISTED, write_unlisted, repair_catalog, NULL, 0},
    {"upgrade", AGED, NULL, upgrade, NULL, 0},
};

/* ---- a run -------------------------------------------------------------- */

static int run(const plan_trial *t, const plan *p, uint64_t n,
               const char *folder, faultfs *f)
{
    const deed *d = t->user;
    char in[700], index[720];
    parasol_error err = {0};
    if (mkdir(sample_at(in, folder, "watched"), 0777) != 0)
        scratch_die(in);
    (void)snprintf(index, sizeof index, "%s/index", in);
    sample_copy(d->of, index);
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
    (void)sample_at(index, in, "index");
    (void)sample_at(copy, in, d->copy);
    if (!sample_is_in(d->of, index))
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
    (void)sample_at(index, in, "index");
    int rc = is_sound(index, d->of, why);
    int as_before = sample_is_in(d->of, index);
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
    (void)sample_at(in, folder, "watched");
    if (d->copy)
        return judge_copy(d, p, in, status, why);
    return judge_mended(d, p, in, status, why);
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
    samples_make(dir.dir);
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
