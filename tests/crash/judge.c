/*
 * The rules: no commit that was reported is lost, nothing is there by half,
 * what is there is known to the byte, and the next writer goes on by itself.
 */
#include "tests/crash/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parasol/check.h>
#include <parasol/parasol.h>

#include "common/base/fail.h"
#include "tests/support/scratch.h"

void judge_said_init(judge_said *said)
{
    *said = (judge_said){.done = STORY_NONE};
}

void judge_said_add(judge_said *said, unsigned long long number,
                    const char *words)
{
    char id[PARASOL_ID_ROOM] = "";
    int step = 0;
    if (sscanf(words, "done %d %64s", &step, id) == 2) {
        judge_said_init(said);
        said->commit = number;
        said->done = step;
        (void)snprintf(said->id, sizeof said->id, "%s", id);
    } else if (sscanf(words, "begin %d", &step) == 1) {
        if (said->n_begun == JUDGE_BEGUN_MAX)
            scratch_die("too many failures");
        said->begun[said->n_begun++] = step;
    } else {
        said->failed++;
    }
}

void judge_said_read(judge_said *said, const char *log)
{
    size_t n = 0;
    size_t at = 0;
    faultfs_record_head head;
    uint8_t *bytes = scratch_read(log, &n);
    judge_said_init(said);
    while (at + sizeof head <= n) {
        char words[200];
        memcpy(&head, bytes + at, sizeof head);
        at += sizeof head;
        (void)snprintf(words, sizeof words, "%.*s", (int)head.path_len,
                       (const char *)bytes + at);
        if (head.op == FAULTFS_OP_SAY)
            judge_said_add(said, head.off, words);
        at += head.path_len + head.path2_len + (size_t)head.data_len;
    }
    free(bytes);
}

static int report_finding(const parasol_finding *f, void *user)
{
    parasol_error *why = user;
    (void)pc_fail(why, PARASOL_CORRUPT, "%s, %s: %s", f->file, f->section,
                  f->problem);
    return 0;
}

/* What a deep check says; damage that it finds is the last one's sentence. */
static int check_deeply(const char *index, parasol_error *why)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_error found = {0};
    o.deep = 1;
    o.report = report_finding;
    o.user = &found;
    int rc = parasol_check(index, &o, NULL, why);
    if (rc == PARASOL_CORRUPT && found.message[0])
        *why = found;
    return rc;
}

/* ---- playing ------------------------------------------------------------ */

/* Looks at what a step is said to have done. */
static int look_at(const story_place *place, faultfs *f, int done,
                   const story_model *want, parasol_error *err)
{
    unsigned long long commit = 0;
    char id[PARASOL_ID_ROOM], words[128];
    int rc = story_holds(place->index, want, &commit, err);
    if (!rc)
        rc = check_deeply(place->index, err);
    if (!rc)
        rc = parasol_index_id(place->index, id, err);
    if (rc)
        return rc;
    (void)snprintf(words, sizeof words, "done %d %s", done, id);
    faultfs_say(f, commit, words);
    return PARASOL_OK;
}

int judge_play(const story *s, const story_place *place, faultfs *f)
{
    int done = STORY_NONE;
    int status = JUDGE_ALL_DONE;
    for (unsigned j = 0; j < story_steps(); j++) {
        char words[64];
        story_model from, to;
        parasol_error err = {0};
        int aim = story_keeps(j) ? done : (int)j;
        story_model_after(done, &from);
        story_model_after(aim, &to);
        (void)snprintf(words, sizeof words, "begin %d", aim);
        faultfs_say(f, 0, words);
        int rc = s->run(place, j, &from, &to, &err);
        faultfs_hold(1);
        if (rc) {
            faultfs_say(f, 0, "failed");
            status = JUDGE_SOME_FAILED;
            if (rc == PARASOL_INTERNAL || rc == PARASOL_CORRUPT ||
                !err.message[0])
                status = JUDGE_BAD;
        } else {
            done = aim;
            if (look_at(place, f, done, &to, &err))
                status = JUDGE_BAD;
        }
        faultfs_hold(0);
        if (status == JUDGE_BAD) {
            (void)fprintf(stderr, "step %u, %s: %s (%s)\n", j,
                          story_step_name(j), err.message,
                          rc ? "status" : "reported as done");
            return status;
        }
    }
    return status;
}

/* ---- judging ------------------------------------------------------------ */

/* The last commit that was reported must be that one to the byte. */
static int same_id(const char *index, const judge_said *said,
                   parasol_error *why)
{
    char id[PARASOL_ID_ROOM];
    int rc = parasol_index_id(index, id, why);
    if (!rc && strcmp(id, said->id) != 0)
        rc = pc_fail(why, PARASOL_CORRUPT,
                     "commit %llu has other bytes than when it was reported",
                     said->commit);
    return rc ? rc : check_deeply(index, why);
}

int judge_index(const char *index, const judge_said *said, int strict,
                int *found, parasol_error *why)
{
    story_model m;
    unsigned long long commit = 0;
    story_model_after(said->done, &m);
    *found = said->done;
    int rc = story_holds(index, &m, &commit, why);
    if (commit < said->commit)
        return rc ? rc
                  : pc_fail(why, PARASOL_CORRUPT,
                            "commit %llu was reported, %llu is there",
                            said->commit, commit);
    if (commit == said->commit)
        return rc || commit == 0 ? rc : same_id(index, said, why);
    for (unsigned i = 0; rc == PARASOL_CORRUPT && i < said->n_begun; i++) {
        *found = said->begun[i];
        story_model_after(*found, &m);
        rc = story_holds(index, &m, &commit, why);
    }
    if (!rc && strict && said->n_begun == said->failed)
        return pc_fail(why, PARASOL_CORRUPT,
                       "commit %llu is there, which was reported as failed",
                       commit);
    return rc ? rc : check_deeply(index, why);
}

int judge_go_on(const char *index, int found, parasol_error *why)
{
    story_model from, after;
    unsigned long long commit = 0, now = 0;
    story_model_after(found, &from);
    int rc = story_holds(index, &from, &commit, why);
    if (!rc)
        rc = story_go_on(index, &from, &after, why);
    if (!rc)
        rc = story_holds(index, &after, &now, why);
    if (!rc && now <= commit)
        rc = pc_fail(why, PARASOL_CORRUPT, "commit %llu came after %llu", now,
                     commit);
    return rc;
}
